"""What a bot makes of an update: it is kept, answered or handed over, once however often it comes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.bots.log import LogEntry
from groundswell.bots.model import Bot, Command, CommandButton
from groundswell.bots.service import Messenger
from groundswell.bots.telegram import TelegramRefused
from groundswell.bots.updates import Incoming, Kind
from groundswell.chat.drafts import Draft, NewThread
from groundswell.chat.model import (
    TELEGRAM,
    Answering,
    Button,
    Channel,
    Contact,
    Message,
    Participant,
    Role,
    Thread,
    stable_id,
)
from groundswell.chat.settings import has_words
from groundswell.kernel.errors import PreconditionFailed, Unavailable

WELCOME = "Welcome! Write to us here. /help shows what this bot can do, /stop ends its messages."
STOPPED = "You will get no more messages from us. /start takes that back."
_ATTEMPTS = 8


class Conversations(Protocol):
    """`chat.sending.Sending`."""

    def send(self, who: Participant, draft: Draft, start: NewThread | None = None) -> tuple[Message, Thread]: ...


class Threads(Protocol):
    def thread(self, client_id: str, thread_id: str) -> Thread | None: ...

    def save_thread(self, thread: Thread) -> Thread: ...

    def find(self, client_id: str, message_id: str) -> Message | None: ...

    def change(self, message: Message) -> Message: ...


class Audience(Protocol):
    """`blocked`, `stopped` and `started` are what a chat says of whether it wants to hear from the client."""

    def met(self, bot: Bot, incoming: Incoming, payload: str | None) -> str | None:
        """The id of the contact's lead, made if there is none. `payload` came with /start."""

    def stopped(self, bot: Bot, chat_id: str) -> None: ...

    def blocked(self, bot: Bot, chat_id: str) -> None: ...

    def started(self, bot: Bot, chat_id: str) -> None: ...


class UpdateLog(Protocol):
    def begin(self, client_id: str, bot_id: str, update_id: int) -> bool:
        """Raises UpdateUnderWay."""

    def release(self, client_id: str, bot_id: str, update_id: int) -> None: ...

    def finish(self, entry: LogEntry) -> None: ...


@dataclass(frozen=True)
class Ways:
    """What the world gives. `hand_over` gives a thread to people, who are told."""

    messenger: Callable[[Bot], Messenger]
    hand_over: Callable[[Participant, str, Answering, str | None], Any]
    now: Callable[[], datetime]
    entry_id: Callable[[datetime, int], str]


@dataclass
class _Work:
    """One update under way."""

    bot: Bot
    incoming: Incoming
    contact: Participant
    thread_id: str
    decisions: list[str] = field(default_factory=list)

    def message_id(self, *what: str) -> str:
        """A business account's chats number their messages apart from the bot's own with the same person."""
        return stable_id("telegram", self.bot.id, self.incoming.chat_id, *_business(self.incoming), *what)


class Intake:
    def __init__(
        self, conversations: Conversations, threads: Threads, audience: Audience, log: UpdateLog, ways: Ways
    ) -> None:
        self._conversations = conversations
        self._threads = threads
        self._audience = audience
        self._log = log
        self._ways = ways

    async def handle(self, bot: Bot, incoming: Incoming) -> LogEntry | None:
        """None where the update was treated before. Raises UpdateUnderWay, and what its treatment raises."""
        if not self._log.begin(bot.client_id, bot.id, incoming.update_id):
            return None
        work = _Work(bot, incoming, contact_of(bot, incoming.chat_id, incoming.name), thread_of(bot, incoming))
        try:
            await self._treat(work)
        except BaseException:
            self._log.release(bot.client_id, bot.id, incoming.update_id)
            raise
        entry = self._entry(work)
        self._log.finish(entry)
        return entry

    async def _treat(self, work: _Work) -> None:
        match work.incoming.kind:
            case Kind.MEMBERSHIP:
                self._member_changed(work)
            case Kind.EDITED:
                self._edited(work)
            case Kind.PRESSED:
                await self._pressed(work)
            case Kind.MESSAGE:
                self._received(work)
            case _:
                work.decisions.append("passed_over")

    def _received(self, work: _Work) -> None:
        if work.incoming.by_ourselves:
            self._keep(work, Role.AGENT)
            return
        command, wants_person = work.incoming.command, self._wants_person(work)
        known = self._threads.thread(work.bot.client_id, work.thread_id)
        lead_id = known.lead_id if known else None
        if lead_id is None or (command and command[0] == "start"):
            payload = command[1] if command and command[0] == "start" else None
            lead_id = self._audience.met(work.bot, work.incoming, payload)
            work.decisions.append("lead_met")
        ask_assistant = work.bot.ai.enabled and not command and not wants_person and bool(work.incoming.text)
        self._keep(work, None, lead_id, ask_assistant=ask_assistant)
        if command:
            self._obey(work, *command)
        elif wants_person:
            self._hand_over(work)

    def _keep(self, work: _Work, role: Role | None, lead_id: str | None = None, *, ask_assistant: bool = False) -> None:
        incoming = work.incoming
        start = NewThread(
            work.thread_id,
            work.contact.id,
            Channel.TELEGRAM,
            incoming.name,
            Contact(work.bot.id, incoming.chat_id, incoming.business_id, incoming.username),
            lead_id,
        )
        draft = Draft(
            incoming.shown,
            message_id=work.message_id("message", str(incoming.message_id)),
            ask_assistant=ask_assistant,
            as_role=role,
            stored=True,
            language=incoming.language,
        )
        message, thread = self._conversations.send(work.contact, replace(draft, thread_id=work.thread_id), start)
        work.decisions.append("stored")
        if message.reply_status.value == "pending":
            work.decisions.append("assistant_asked")
        if thread.contact and thread.contact.blocked:
            self._note_blocked(work, blocked=False)

    async def _pressed(self, work: _Work) -> None:
        """A press is kept as what the button stands for, and answered so that the button stops waiting."""
        incoming, command = work.incoming, work.incoming.command
        draft = Draft(
            incoming.shown,
            thread_id=work.thread_id,
            message_id=work.message_id("pressed", str(incoming.update_id)),
            language=incoming.language,
        )
        start = NewThread(
            work.thread_id, work.contact.id, Channel.TELEGRAM, incoming.name, Contact(work.bot.id, incoming.chat_id)
        )
        self._conversations.send(work.contact, draft, start)
        work.decisions.append("stored")
        if command:
            self._obey(work, *command)
        try:
            await self._ways.messenger(work.bot).answer_callback(incoming.callback_id or "")
        except (TelegramRefused, Unavailable):
            work.decisions.append("press_not_acknowledged")

    def _obey(self, work: _Work, name: str, payload: str) -> None:
        own = work.bot.command(name)
        match name:
            case "start":
                self._audience.started(work.bot, work.incoming.chat_id)
                self._answer(work, own or Command(name, WELCOME))
                work.decisions.append(f"started:{payload[:64]}" if payload else "started")
            case "stop":
                self._audience.stopped(work.bot, work.incoming.chat_id)
                self._answer(work, own or Command(name, STOPPED))
                work.decisions.append("suppressed")
            case "help":
                self._answer(work, own or Command(name, help_text(work.bot)))
            case _:
                self._answer(work, own or Command(name, f"There is no /{name} here.\n\n{help_text(work.bot)}"))
        work.decisions.append(f"command:{name if own or name in ('start', 'stop', 'help') else 'unknown'}")

    def _answer(self, work: _Work, command: Command) -> None:
        speaker = Participant(work.bot.client_id, work.bot.org_id, "", is_agent=True)
        draft = Draft(
            command.reply,
            thread_id=work.thread_id,
            message_id=work.message_id("answer", str(work.incoming.update_id)),
            buttons=tuple(map(_button, command.buttons)),
            as_role=Role.ASSISTANT,
        )
        self._conversations.send(speaker, draft)
        work.decisions.append("answered")

    def _wants_person(self, work: _Work) -> bool:
        handoff = work.bot.handoff
        return handoff.enabled and any(has_words(keyword, work.incoming.text) for keyword in handoff.keywords)

    def _hand_over(self, work: _Work) -> None:
        self._answer(work, Command("handoff", work.bot.handoff.message))
        speaker = Participant(work.bot.client_id, work.bot.org_id, "", is_agent=True)
        self._ways.hand_over(speaker, work.thread_id, Answering.PEOPLE, work.bot.handoff.assignee_id)
        work.decisions.append("handed_over")

    def _edited(self, work: _Work) -> None:
        """The message says what it says now; what followed from it stays."""
        message_id = work.message_id("message", str(work.incoming.message_id))
        for _ in range(_ATTEMPTS):
            message = self._threads.find(work.bot.client_id, message_id)
            if message is None:
                work.decisions.append("unknown_message")
                return
            edited = replace(message, text=work.incoming.shown, edited_at=work.incoming.at or self._ways.now())
            try:
                self._threads.change(edited)
            except PreconditionFailed:
                continue
            work.decisions.append("edited")
            return
        raise PreconditionFailed

    def _member_changed(self, work: _Work) -> None:
        if work.incoming.left:
            self._audience.blocked(work.bot, work.incoming.chat_id)
            work.decisions.append("suppressed")
        self._note_blocked(work, blocked=work.incoming.left)
        work.decisions.append("blocked" if work.incoming.left else "unblocked")

    def _note_blocked(self, work: _Work, *, blocked: bool) -> None:
        note_blocked(self._threads, work.bot.client_id, work.thread_id, blocked=blocked, now=self._ways.now())

    def _entry(self, work: _Work) -> LogEntry:
        at = self._ways.now()
        return LogEntry(
            self._ways.entry_id(at, work.incoming.update_id),
            work.bot.client_id,
            work.bot.id,
            work.incoming.update_id,
            work.incoming.kind.value,
            at,
            work.incoming.chat_id,
            work.thread_id if work.incoming.chat_id else None,
            tuple(work.decisions),
        )


def note_blocked(threads: Threads, client_id: str, thread_id: str, *, blocked: bool, now: datetime) -> None:
    """Whether the contact of that thread can be reached. Raises PreconditionFailed under endless contention."""
    for _ in range(_ATTEMPTS):
        thread = threads.thread(client_id, thread_id)
        if thread is None or thread.contact is None or thread.contact.blocked is blocked:
            return
        try:
            threads.save_thread(replace(thread, contact=replace(thread.contact, blocked=blocked), updated_at=now))
        except PreconditionFailed:
            continue
        return
    raise PreconditionFailed


def thread_of(bot: Bot, incoming: Incoming) -> str:
    """The one thread of a chat with a bot, or with a business account that it answers for."""
    return stable_id("telegram-thread", bot.client_id, bot.id, incoming.chat_id, *_business(incoming))


def _business(incoming: Incoming) -> tuple[str, ...]:
    return (incoming.business_id,) if incoming.business_id else ()


def contact_of(bot: Bot, chat_id: str, name: str | None = None) -> Participant:
    return Participant(bot.client_id, bot.org_id, TELEGRAM + chat_id, name=name)


def help_text(bot: Bot) -> str:
    lines = [
        f"/{command.command} {command.description or command.reply.partition(chr(10))[0][:60]}"
        for command in bot.commands
    ]
    return "\n".join((*lines, "/help shows this", "/stop ends messages of this bot"))


def _button(button: CommandButton) -> Button:
    return Button(button.text, button.command, button.url)
