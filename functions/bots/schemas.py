"""Wire shapes of bots."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from groundswell.bots.model import Ai, Bot, Command, CommandButton, Handoff
from groundswell.bots.service import Condition
from groundswell.http.schema import Changes, In, Line, Out, Time


def _without_slash(text: Any) -> Any:
    return text.strip().removeprefix("/").lower() if isinstance(text, str) else text


Token = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9:_-]{3,200}$"),
    Field(description="As @BotFather gives it. It is tried, kept sealed and never shown"),
]
CommandName = Annotated[str, StringConstraints(pattern=r"^/?[a-z0-9_]{1,32}$"), BeforeValidator(_without_slash)]
Reply = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


class ButtonIn(In):
    """With `url` it leads there; with `command`, pressing it is that command."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    command: CommandName | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.command is None) == (self.url is None):
            raise ValueError("a button has either a command or a url")
        return self


class CommandIn(In):
    command: CommandName
    reply: Reply
    description: Annotated[str, StringConstraints(max_length=256)] = ""
    buttons: Annotated[tuple[ButtonIn, ...], Field(max_length=20)] = ()

    def model(self) -> Command:
        buttons = tuple(CommandButton(button.text, button.command or "", button.url or "") for button in self.buttons)
        return Command(self.command, self.reply, self.description, buttons)


class AiIn(In):
    enabled: bool = False
    instructions: Annotated[str, StringConstraints(max_length=8000)] = ""


class HandoffIn(In):
    enabled: bool = True
    keywords: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=50)], ...], Field(max_length=50)
    ] = Handoff.keywords
    message: Annotated[str, StringConstraints(min_length=1, max_length=4000)] = Handoff.message
    assignee_id: str | None = None


def _spelled_out(value: Any) -> Any:
    return {"enabled": value} if isinstance(value, bool) else value


class BotCreate(In):
    client_id: str | None = None
    token: Token
    name: Line | None = None


class BotUpdate(Changes):
    """Absent keeps. A new token must be of the same bot."""

    required: ClassVar[frozenset[str]] = frozenset({"name", "token", "commands", "ai", "handoff"})
    client_id: str | None = None
    name: Line | None = None
    token: Token | None = None
    commands: Annotated[tuple[CommandIn, ...], Field(max_length=97)] | None = None
    ai: Annotated[AiIn, BeforeValidator(_spelled_out)] | None = None
    handoff: Annotated[HandoffIn, BeforeValidator(_spelled_out)] | None = None

    @model_validator(mode="after")
    def _different(self) -> Self:
        names = [command.command for command in self.commands or ()]
        if len(names) != len(set(names)):
            raise ValueError("each command once")
        return self

    def changes(self) -> dict[str, Any]:
        changes = super().changes()
        if self.commands is not None:
            changes["commands"] = tuple(command.model() for command in self.commands)
        if self.ai is not None:
            changes["ai"] = Ai(**self.ai.model_dump())
        if self.handoff is not None:
            changes["handoff"] = Handoff(**self.handoff.model_dump())
        return changes


class ButtonOut(Out):
    text: str
    command: str
    url: str


class CommandOut(Out):
    command: str
    reply: str
    description: str
    buttons: list[ButtonOut]


class AiOut(Out):
    enabled: bool
    instructions: str


class HandoffOut(Out):
    enabled: bool
    keywords: list[str]
    message: str
    assignee_id: str | None


class BotOut(Out):
    id: str
    name: str
    username: str
    webhook_url: str
    commands: list[CommandOut]
    ai: AiOut
    handoff: HandoffOut
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class BotCreated(BotOut):
    """With the secret that its updates bring along (`X-Telegram-Bot-Api-Secret-Token`), shown this once."""

    secret_shown_once: str


class LogOut(Out):
    """`decisions` are what the bot did with the update, in order. No text of anybody is in it."""

    id: str
    update_id: int
    kind: str
    at: Time
    chat_id: str
    thread_id: str | None
    decisions: list[str]
    error: str | None


class WebhookOut(Out):
    """`url` is what Telegram posts to, `expected_url` where it should."""

    url: str | None
    expected_url: str


class LastErrorOut(Out):
    message: str
    at: Time | None


class BotStatusOut(Out):
    id: str
    name: str
    username: str
    status: Literal["ok", "error"]
    webhook: WebhookOut
    pending_updates: int | None
    last_update_at: Time | None
    last_error: LastErrorOut | None


class StatusOut(Out):
    """Anonymous callers get the status alone. `degraded`: a bot's webhook is not where it should be, or Telegram does
    not answer."""

    status: Literal["ok", "degraded"]
    bots: list[BotStatusOut] | None = Field(default=None, exclude_if=lambda bots: bots is None)


def bot_status(condition: Condition, last_update_at: datetime | None) -> BotStatusOut:
    info = condition.info
    return BotStatusOut(
        id=condition.bot.id,
        name=condition.bot.name,
        username=condition.bot.username,
        status="ok" if condition.well else "error",
        webhook=WebhookOut(url=(info.url or None) if info else None, expected_url=condition.expected_url),
        pending_updates=info.pending_updates if info else None,
        last_update_at=last_update_at,
        last_error=_last_error(condition),
    )


def _last_error(condition: Condition) -> LastErrorOut | None:
    if condition.error:
        return LastErrorOut(message=condition.error, at=None)
    if condition.info is None or not condition.info.last_error:
        return None
    at = condition.info.last_error_at
    return LastErrorOut(message=condition.info.last_error, at=datetime.fromtimestamp(at, UTC) if at else None)


def bot_out(bot: Bot, webhook_url: str) -> BotOut:
    return BotOut.model_validate({**vars(bot), "webhook_url": webhook_url}, from_attributes=True)


def bot_created(bot: Bot, webhook_url: str, secret: str) -> BotCreated:
    return BotCreated(**bot_out(bot, webhook_url).model_dump(), secret_shown_once=secret)
