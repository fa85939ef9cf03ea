"""What bots tell the leads and the audience: whom they met, and who does not want to hear any more."""

from groundswell.access.model import ClientContext, Role
from groundswell.audience.adapter_wiring import opt_outs
from groundswell.audience.model import Channel, Reason
from groundswell.bots.model import Bot
from groundswell.bots.updates import Incoming
from groundswell.chat.model import stable_id
from groundswell.kernel.clock import utc_now
from groundswell.leads.adapter_wiring import lead_capture
from groundswell.leads.timeline import Entry


class BotAudience:
    def met(self, bot: Bot, incoming: Incoming, payload: str | None) -> str | None:
        """A group is nobody's lead."""
        if incoming.chat_type != "private":
            return None
        values = {
            "telegram_chat_id": incoming.chat_id,
            "first_name": incoming.first_name,
            "last_name": incoming.last_name,
            "locale": incoming.language,
            "source": "telegram",
            **({"custom_fields": {"telegram_start": payload[:200]}} if payload else {}),
        }
        acting = ClientContext(bot.client_id, bot.org_id, f"bot:{bot.id}", Role.MEMBER)
        known = {name: value for name, value in values.items() if value is not None}
        return lead_capture().capture(acting, known, _met(bot, incoming, payload)).id

    def stopped(self, bot: Bot, chat_id: str) -> None:
        self._out(bot, chat_id, Reason.UNSUBSCRIBED)

    def blocked(self, bot: Bot, chat_id: str) -> None:
        """By /start the contact comes back: it is not a hard bounce."""
        self._out(bot, chat_id, Reason.UNSUBSCRIBED)

    def started(self, bot: Bot, chat_id: str) -> None:
        opt_outs().lift(bot.client_id, Channel.TELEGRAM, chat_id)

    def _out(self, bot: Bot, chat_id: str, reason: Reason) -> None:
        opt_outs().add(bot.client_id, Channel.TELEGRAM, chat_id, reason, by="person", source=f"bot:{bot.id}")


def _met(bot: Bot, incoming: Incoming, payload: str | None) -> Entry:
    data = {"bot_id": bot.id, **({"payload": payload[:200]} if payload else {})}
    return Entry(
        stable_id("met", bot.id, incoming.chat_id, str(incoming.update_id)),
        incoming.at or utc_now(),
        "telegram",
        "started" if payload is not None else "wrote",
        f"Began to talk to the bot {bot.name}",
        None,
        "bot",
        bot.id,
        data,
    )
