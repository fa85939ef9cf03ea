"""Writes messages into threads: each once, in an order without gaps, however many write at once."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.chat.drafts import Draft, NewThread
from groundswell.chat.jobs import LATER, QUEUE
from groundswell.chat.language import language_of
from groundswell.chat.line import Line
from groundswell.chat.model import (
    LATEST,
    Answering,
    Channel,
    Message,
    MessageIdReused,
    MessageStatus,
    Participant,
    ReplyStatus,
    Role,
    Thread,
    ThreadNotFound,
    digest_of,
    stable_id,
)
from groundswell.chat.placing import place
from groundswell.chat.settings import ChatSettings
from groundswell.kernel.errors import Invalid, Outage, PreconditionFailed, Unavailable
from groundswell.kernel.message import Message as QueueMessage
from groundswell.schedules.timers import Timer

PATIENCE = 15.0
"""Seconds that a writer stands in line behind others that write into the same thread."""
RACES = 6
"""A writer tries so often before it stands in line: among a handful, trying again is twice as quick."""


class Opening(Protocol):
    @property
    def thread(self) -> Thread | None: ...

    @property
    def place(self) -> tuple[str, int] | None: ...

    @property
    def settings(self) -> ChatSettings: ...

    @property
    def line_until(self) -> datetime | None: ...


class SendingStore(Protocol):
    def opening(self, client_id: str, thread_id: str, message_id: str) -> Opening: ...

    def at(self, client_id: str, thread_id: str, sequence: int, message_id: str = "") -> Message | None: ...

    def append(
        self,
        thread: Thread,
        messages: Sequence[Message],
        queue_messages: Sequence[QueueMessage],
        changes: Sequence[Any] = (),
    ) -> None:
        """Raises PreconditionFailed."""

    def release(self, thread: Thread, before: Message, after: Message, queue_messages: Sequence[QueueMessage]) -> None:
        """Raises PreconditionFailed."""


@dataclass(frozen=True)
class Ways:
    """What the world gives. `timer` makes the change that sets one, `use` that by which a thread uses a file."""

    now: Callable[[], datetime]
    new_id: Callable[[], str]
    timer: Callable[[Timer], Any]
    use: Callable[[str, str, str], Any]
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic
    patience: float = field(default=PATIENCE)


class Sending:
    def __init__(self, store: SendingStore, line: Line, ways: Ways) -> None:
        self._store = store
        self._line = line
        self._ways = ways

    def send(self, who: Participant, draft: Draft, start: NewThread | None = None) -> tuple[Message, Thread]:
        """The message as it is kept, once: what is sent again with its `client_message_id` is found again. Into a new
        thread where none is named.

        Raises ThreadNotFound, MessageIdReused for another text, Invalid, Unavailable when others never stop writing.
        """
        message_id = self._message_id(who, draft)
        thread_id = draft.thread_id or (start.id if start else self._ways.new_id())
        start = start or (
            None if draft.thread_id else NewThread(thread_id, draft.user_id or who.id, name=_own(who, draft))
        )
        deadline = self._ways.clock() + self._ways.patience
        attempt, waiting = 0, None
        while True:
            opening = self._store.opening(who.client_id, thread_id, message_id)
            if opening.place:
                return self._known(who, draft, opening.place, message_id)
            thread = opening.thread or self._begun(who, start)
            try:
                if waiting is None and not self._must_join(draft, opening):
                    return self._write(who, draft, message_id, thread, opening.settings)
                if waiting is not None:
                    self._line.move_up(thread, opening.settings, waiting)
                    continue
            except PreconditionFailed:
                pass
            if waiting is None and (attempt >= RACES or self._must_join(draft, opening)):
                waiting = self._joined(who, draft, message_id, opening)
            attempt = self._stand_in_line(attempt, deadline, waiting)

    def release(self, message: Message) -> Message | None:
        """A scheduled message whose time has come, at its place in the thread. None where that was done before.

        Raises Unavailable.
        """
        deadline, attempt = self._ways.clock() + self._ways.patience, 0
        while True:
            opening = self._store.opening(message.client_id, message.thread_id, message.id)
            present = self._store.at(message.client_id, message.thread_id, 0, message.id)
            if present is None or opening.thread is None or present.status is not MessageStatus.SCHEDULED:
                return None
            now = self._ways.now()
            status = _status(opening.thread, message.role)
            due = replace(present, status=status, created_at=now, version=0)
            placed = place(opening.thread, due, opening.settings)
            try:
                self._store.release(placed.thread, present, placed.message, placed.consequences)
            except PreconditionFailed:
                attempt = self._pause(attempt, deadline)
            else:
                return placed.message

    def _write(
        self, who: Participant, draft: Draft, message_id: str, thread: Thread, settings: ChatSettings
    ) -> tuple[Message, Thread]:
        if not who.sees(thread):
            raise ThreadNotFound
        message = self._made(who, draft, message_id, thread, settings)
        if message.status is MessageStatus.SCHEDULED and message.send_at:
            due = Timer(thread.client_id, LATER, message.id, message.send_at, QUEUE)
            self._store.append(thread, [message], (), [self._ways.timer(due), *self._uses(draft, thread)])
            return message, thread
        placed = place(thread, message, settings)
        self._store.append(placed.thread, [placed.message], placed.consequences, self._uses(draft, thread))
        return placed.message, placed.thread

    def _uses(self, draft: Draft, thread: Thread) -> list[Any]:
        return [self._ways.use(thread.client_id, media_id, thread.id) for media_id in draft.to_mark]

    def _made(self, who: Participant, draft: Draft, message_id: str, thread: Thread, settings: ChatSettings) -> Message:
        now = self._ways.now()
        role = draft.as_role or who.role_in(thread)
        later = draft.send_at is not None and self._need_future(draft.send_at, now)
        message = Message(
            message_id,
            who.client_id,
            thread.id,
            0,
            role,
            who.id if role in (Role.USER, Role.AGENT) else "",
            draft.text,
            MessageStatus.SCHEDULED if later else MessageStatus.STORED if draft.stored else _status(thread, role),
            now,
            digest=digest_of(draft.text, tuple(file.media_id for file in draft.attachments)),
            attachments=draft.attachments,
            buttons=draft.buttons,
            send_at=draft.send_at,
            language=language_of(draft.text) or draft.language,
        )
        if role is not Role.USER:
            return message
        wants_reply = draft.ask_assistant or settings.assistant.always
        answered = wants_reply and thread.answering is Answering.ASSISTANT
        pending = ReplyStatus.PENDING if answered else ReplyStatus.NONE
        return replace(message, tags=settings.tags_in(draft.text), reply_status=pending)

    def _known(self, who: Participant, draft: Draft, place: tuple[str, int], message_id: str) -> tuple[Message, Thread]:
        thread_id, sequence = place
        message = self._store.at(who.client_id, thread_id, sequence, message_id)
        opening = self._store.opening(who.client_id, thread_id, message_id)
        if message is None or opening.thread is None:  # it took its place at this moment
            raise Unavailable(Outage("storage", 1))
        if draft.message_id:  # a feature's own: it knows what it repeats
            return message, opening.thread
        same_thread = draft.thread_id in (None, thread_id)
        if not same_thread or message.digest != digest_of(
            draft.text, tuple(file.media_id for file in draft.attachments)
        ):
            raise MessageIdReused
        return message, opening.thread

    def _begun(self, who: Participant, start: NewThread | None) -> Thread:
        if start is None:
            raise ThreadNotFound
        now = self._ways.now()
        return Thread(
            start.id,
            who.client_id,
            who.org_id,
            start.user_id,
            now,
            now,
            channel=start.channel,
            name=start.name,
            contact=start.contact,
            lead_id=start.lead_id,
        )

    def _message_id(self, who: Participant, draft: Draft) -> str:
        if draft.message_id:
            return draft.message_id
        if draft.client_message_id is None:
            return self._ways.new_id()
        return stable_id("chat", who.client_id, who.id, draft.client_message_id)

    def _must_join(self, draft: Draft, opening: Opening) -> bool:
        """Others wait already: going ahead of them would keep them waiting."""
        until = opening.line_until
        return _may_join(draft, opening) and until is not None and until > self._ways.now()

    def _joined(self, who: Participant, draft: Draft, message_id: str, opening: Opening) -> Message | None:
        """The message in line; None for what sets off more than others can do for it."""
        if opening.thread is None or not _may_join(draft, opening):
            return None
        if not who.sees(opening.thread):
            raise ThreadNotFound
        message = self._made(who, draft, message_id, opening.thread, opening.settings)
        self._line.join(opening.thread, message, opening.line_until)
        return message

    def _stand_in_line(self, attempt: int, deadline: float, waiting: Message | None) -> int:
        """Raises Unavailable after PATIENCE, unless somebody took the message along at this moment."""
        try:
            return self._pause(attempt, deadline)
        except Unavailable:
            if waiting is None or self._line.leave(waiting):
                raise
            return attempt

    def _pause(self, attempt: int, deadline: float) -> int:
        """Waits a moment. Raises Unavailable after PATIENCE."""
        if self._ways.clock() >= deadline:
            raise Unavailable(Outage("the thread", 1))
        self._ways.sleep(self._ways.jitter() * min(0.5, 0.02 * 2**attempt))
        return attempt + 1

    @staticmethod
    def _need_future(send_at: datetime, now: datetime) -> bool:
        if not now < send_at <= now + LATEST:
            raise Invalid.on("send_at", f"a time within the next {LATEST / timedelta(days=1):.0f} days", "range")
        return True


def _may_join(draft: Draft, opening: Opening) -> bool:
    return opening.thread is not None and not draft.send_at and not draft.to_mark


def _own(who: Participant, draft: Draft) -> str | None:
    return who.name if draft.user_id in (None, who.id) else None


def _status(thread: Thread, role: Role) -> MessageStatus:
    """What people and the assistant write in a thread of another channel must be delivered there."""
    if thread.channel is Channel.WEB or role is Role.USER:
        return MessageStatus.STORED
    return MessageStatus.PENDING
