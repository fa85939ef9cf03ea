"""Campaigns over Telegram: a bot's messages, within what Telegram lets a bot send."""

import asyncio
from collections.abc import Callable

from groundswell.bots import telegram
from groundswell.bots.model import BotNotFound
from groundswell.bots.service import BotService
from groundswell.campaigns.outcomes import Outcome, Outgoing, Refused, Sent, Throttled, Unknown
from groundswell.outbound.model import Rate

BOT_RATE = Rate(28, 1, 4)
"""Messages a second (https://core.telegram.org/bots/faq says about 30)."""
GROUP_RATE = Rate(20, 60, 1)
_GONE = frozenset({"blocked", "deactivated", "chat_not_found", "kicked"})


class BotProvider:
    """One bot of a client. `gone` is told of chats that nothing reaches any more."""

    recognises_repeats = False

    def __init__(self, bots: BotService, bot_id: str, gone: Callable[[str, str], None]) -> None:
        self._bots = bots
        self._bot_id = bot_id
        self._gone = gone

    def send(self, message: Outgoing) -> Outcome:
        try:
            messenger = self._bots.sender(message.client_id, self._bot_id)
        except BotNotFound:
            return Refused("the bot is gone", permanent=True)
        chat = int(message.to) if message.to.lstrip("-").isdecimal() else message.to
        match asyncio.run(messenger.send_message(chat, message.text)):
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
