"""What people do with bots: connect, change and delete them, and see how they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.bots.model import BOTS_AT_MOST, Bot, BotNotFound, TokenRefused, TooManyBots
from groundswell.bots.telegram import Outcome, TelegramRefused, TextLink, WebhookInfo
from groundswell.kernel.errors import FieldProblem, Unavailable, require_version
from groundswell.kernel.ids import hash_secret


class BotStore(Protocol):
    def find(self, client_id: str, bot_id: str) -> Bot | None: ...

    def bots(self, client_id: str) -> tuple[Bot, ...]:
        """Oldest first."""

    def create(self, bot: Bot, entry: Entry) -> Bot:
        """Raises BotConnected when its account is somebody's already."""

    def save(self, before: Bot, after: Bot, entry: Entry) -> Bot:
        """Raises PreconditionFailed if someone else wrote first."""

    def remove(self, bot: Bot, entry: Entry) -> None: ...


class BotKeys(Protocol):
    def owner_of(self, secret: str) -> tuple[str, str] | None:
        """(client, bot) of a webhook's secret."""


class Messenger(Protocol):
    """One bot at Telegram: `adapter_telegram.Telegram`."""

    async def send_message(
        self,
        chat_id: str | int,
        text: str,
        buttons: Any = None,
        *,
        business_id: str | None = None,
        links: Sequence[TextLink] = (),
    ) -> Outcome: ...

    async def get_me(self) -> Mapping[str, Any]: ...

    async def set_webhook(self, url: str, secret: str) -> None: ...

    async def delete_webhook(self) -> None: ...

    async def webhook_info(self) -> WebhookInfo: ...

    async def set_commands(self, commands: Mapping[str, str]) -> None: ...

    async def answer_callback(self, callback_id: str) -> None: ...


@dataclass(frozen=True)
class Ways:
    """What the world gives. `seal` and `unseal` take the bot's client and id; `webhook_url` its id."""

    messenger: Callable[[str], Messenger]
    seal: Callable[[str, str, str], str]
    unseal: Callable[[str, str, str], str]
    webhook_url: Callable[[str], str]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]


@dataclass(frozen=True)
class Condition:
    """How a bot is at Telegram. Without `info`, `error` says why nothing is known."""

    bot: Bot
    expected_url: str
    info: WebhookInfo | None = None
    error: str | None = None

    @property
    def well(self) -> bool:
        return self.info is not None and self.info.url == self.expected_url


class BotService:
    def __init__(self, store: BotStore, ways: Ways) -> None:
        self._store = store
        self._ways = ways

    async def create(self, who: ClientContext, token: str, name: str | None) -> tuple[Bot, str]:
        """With the webhook's secret, which nobody sees again. The token is tried first, and the webhook is set.

        Raises TokenRefused in Telegram's words, BotConnected, TooManyBots, Unavailable.
        """
        if len(self._store.bots(who.client_id)) >= BOTS_AT_MOST:
            raise TooManyBots
        account = await self._account(token)
        bot_id, secret, now = self._ways.new_id(), self._ways.new_secret(), self._ways.now()
        bot = Bot(
            bot_id,
            who.client_id,
            who.org_id,
            name or str(account.get("first_name") or account.get("username") or "Bot"),
            str(account["id"]),
            str(account.get("username", "")),
            self._ways.seal(who.client_id, bot_id, token),
            hash_secret(secret),
            created_by=who.actor_id,
            created_at=now,
            updated_at=now,
        )
        made = self._store.create(bot, _entry(who, "bot.connected", bot_id))
        try:
            await self._listen(token, bot_id, secret)
        except (TokenRefused, Unavailable):
            self._store.remove(made, _entry(who, "bot.deleted", bot_id))
            raise
        return made, secret

    def list(self, client_id: str) -> tuple[Bot, ...]:
        return self._store.bots(client_id)

    def get(self, client_id: str, bot_id: str) -> Bot:
        """Raises BotNotFound."""
        bot = self._store.find(client_id, bot_id)
        if bot is None:
            raise BotNotFound
        return bot

    def sender(self, client_id: str, bot_id: str) -> Messenger:
        """What sends as this bot. Raises BotNotFound."""
        return self.messenger(self.get(client_id, bot_id))

    def messenger(self, bot: Bot) -> Messenger:
        return self._ways.messenger(self._ways.unseal(bot.client_id, bot.id, bot.token))

    async def change(self, who: ClientContext, bot_id: str, changes: Mapping[str, Any], expected: int | None) -> Bot:
        """What is absent is kept. A new `token` must be of the same account. Raises BotNotFound, PreconditionFailed,
        TokenRefused, Unavailable."""
        bot = self.get(who.client_id, bot_id)
        require_version(expected, bot.version)
        changes = dict(changes)
        if token := changes.pop("token", None):
            account = await self._account(token)
            if str(account["id"]) != bot.account_id:
                raise _refused("this token is of another bot: connect that one instead")
            changes["token"] = self._ways.seal(who.client_id, bot_id, token)
        changed = self._store.save(bot, bot.changed(changes, self._ways.now()), _entry(who, "bot.changed", bot_id))
        if "commands" in changes:
            await self._show_commands(changed)
        return changed

    async def reconnect(self, who: ClientContext, bot_id: str) -> tuple[Bot, str]:
        """Set the webhook anew, with a new secret. Raises BotNotFound, TokenRefused, Unavailable."""
        bot = self.get(who.client_id, bot_id)
        secret = self._ways.new_secret()
        after = bot.changed({"secret_hash": hash_secret(secret)}, self._ways.now())
        saved = self._store.save(bot, after, _entry(who, "bot.reconnected", bot_id))
        await self._listen(self._ways.unseal(bot.client_id, bot.id, bot.token), bot_id, secret)
        return saved, secret

    async def delete(self, who: ClientContext, bot_id: str, expected: int | None) -> None:
        """Also where Telegram does not take the token any more, or does not answer: updates are refused from now on.
        Raises BotNotFound, PreconditionFailed."""
        bot = self.get(who.client_id, bot_id)
        require_version(expected, bot.version)
        self._store.remove(bot, _entry(who, "bot.deleted", bot_id))
        try:
            await self.messenger(bot).delete_webhook()
        except (TelegramRefused, Unavailable):
            return

    async def condition(self, bot: Bot) -> Condition:
        """As Telegram tells it now."""
        url = self._ways.webhook_url(bot.id)
        try:
            return Condition(bot, url, await self.messenger(bot).webhook_info())
        except (TelegramRefused, Unavailable) as error:
            return Condition(bot, url, error=error.text)

    async def _account(self, token: str) -> Mapping[str, Any]:
        try:
            account = await self._ways.messenger(token).get_me()
        except TelegramRefused as refused:
            raise _refused(refused.text) from refused
        if "id" not in account:
            raise _refused("Telegram does not say whose token it is")
        return account

    async def _listen(self, token: str, bot_id: str, secret: str) -> None:
        try:
            await self._ways.messenger(token).set_webhook(self._ways.webhook_url(bot_id), secret)
        except TelegramRefused as refused:
            raise _refused(refused.text) from refused

    async def _show_commands(self, bot: Bot) -> None:
        """The menu is a convenience: the commands hold without it."""
        names = {command.command: command.description or command.reply[:50] for command in bot.commands}
        try:
            await self.messenger(bot).set_commands({name: text.replace("\n", " ") for name, text in names.items()})
        except (TelegramRefused, Unavailable):
            return


def _refused(words: str) -> TokenRefused:
    return TokenRefused(words, problems=(FieldProblem("token", "rejected", words),))


def _entry(who: ClientContext, action: str, bot_id: str) -> Entry:
    return Entry(who.org_id, action, who.actor_id, f"bot:{bot_id}", {"client": who.client_id})
