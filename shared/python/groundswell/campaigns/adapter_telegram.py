"""Campaigns over Telegram: a bot's messages, within what Telegram lets a bot send."""

import asyncio
from collections.abc import Callable

from groundswell.bots import telegram
from groundswell.bots.model import BotNotFound
from groundswell.bots.service import BotService
from groundswell.campaigns.outcomes import Outcome, Outgoing, Refused, Sent, Throttled, Unknown
from groundswell.outbound.model import Rate

BOT_LIMIT = 30
"""Messages in any second (https://core.telegram.org/bots/faq)."""
GROUP_RATE = Rate(20, 60, 1)
"""Messages a minute to one group, says the same page."""
_GONE = frozenset({"blocked", "deactivated", "chat_not_found", "kicked"})


class BotProvider:
    """One bot of a client. `gone` is told of chats that nothing reaches any more; `pace` waits until the bot may say
    something, and `group` says how many seconds a group has to be left alone."""

    recognises_repeats = False

    def __init__(
        self,
        bots: BotService,
        bot_id: str,
        gone: Callable[[str, str], None],
        pace: Callable[[str], None],
        group: Callable[[str], float],
    ) -> None:
        self._bots = bots
        self._bot_id = bot_id
        self._gone = gone
        self._pace = pace
        self._group = group

    def send(self, message: Outgoing) -> Outcome:
        try:
            messenger = self._bots.sender(message.client_id, self._bot_id)
        except BotNotFound:
            return Refused("the bot is gone", permanent=True)
        chat = int(message.to) if message.to.lstrip("-").isdecimal() else message.to
        if message.to.startswith("-") and (wait := self._group(message.to)):
            return Throttled(wait)
        links = [telegram.TextLink(link.offset, link.length, link.url) for link in message.links]
        self._pace(self._bot_id)
        match asyncio.run(messenger.send_message(chat, message.text, links=links)):
            case telegram.Sent(message_id):
                return Sent(str(message_id))
            case telegram.Throttled(seconds):
                return Throttled(float(seconds))
            case telegram.Refused(reason, permanent, text):
                if reason in _GONE:
                    self._gone(message.client_id, message.to)
                return Refused(f"{reason}: {text}"[:300], permanent=permanent or reason == "bad_request")
            case telegram.Unknown(reason):
                return Unknown(reason)
