"""A client's bot at Telegram."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from groundswell.kernel.errors import Conflict, Invalid, NotFound, Unauthenticated

BOTS_AT_MOST = 20
OWN_COMMANDS = ("start", "stop", "help")
"""Every bot has them; a client may say what the first and the last answer."""


class BotNotFound(NotFound):
    code = "BOT_NOT_FOUND"
    message = "No such bot"


class BotConnected(Conflict):
    code = "BOT_EXISTS"
    message = "This bot is connected already: delete it first where it is"


class TooManyBots(Conflict):
    code = "TOO_MANY_BOTS"
    message = f"A client has at most {BOTS_AT_MOST} bots: delete one first"


class TokenRefused(Invalid):
    """Telegram does not take the token, or the webhook."""

    code = "CREDENTIALS_REJECTED"


class WrongSecret(Unauthenticated):
    code = "WRONG_SECRET"
    message = "X-Telegram-Bot-Api-Secret-Token is missing or not that of a bot"


@dataclass(frozen=True)
class CommandButton:
    """Under a reply. With `url` it leads there; without, pressing it is the command of that name."""

    text: str
    command: str = ""
    url: str = ""


@dataclass(frozen=True)
class Command:
    """`command` without its slash."""

    command: str
    reply: str
    description: str = ""
    buttons: tuple[CommandButton, ...] = ()


@dataclass(frozen=True)
class Ai:
    """Whether the language model answers what is no command, and what it is told about the client."""

    enabled: bool = False
    instructions: str = ""


@dataclass(frozen=True)
class Handoff:
    """When a person takes over: at one of the `keywords`, or by hand. `message` is what the contact is told then."""

    enabled: bool = True
    keywords: tuple[str, ...] = ("human", "agent", "operator")
    message: str = "A colleague will answer you here."
    assignee_id: str | None = None


@dataclass(frozen=True)
class Bot:
    """`account_id` is the bot's own at Telegram. `secret_hash` is of what its updates bring along."""

    id: str
    client_id: str
    org_id: str
    name: str
    account_id: str
    username: str
    token: str = field(repr=False)
    """Sealed: `adapter_secrets`."""
    secret_hash: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    commands: tuple[Command, ...] = ()
    ai: Ai = field(default_factory=Ai)
    handoff: Handoff = field(default_factory=Handoff)
    version: int = 0

    def changed(self, changes: Mapping[str, Any], now: datetime) -> "Bot":
        return replace(self, **changes, updated_at=now)

    def command(self, name: str) -> Command | None:
        return next((command for command in self.commands if command.command == name), None)
