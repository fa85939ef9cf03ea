"""The line before a thread into which many write at once: whoever gets to write takes those along who wait longest.

A thread's version is its lock, so of many writers one succeeds at a time. Who lost a race puts the message in the line,
where any other writer finds it: a hundred waiting messages cost ten writes, and not thousands of attempts.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.chat.model import Answering, Message, ReplyStatus, Thread
from groundswell.chat.placing import Placed, place
from groundswell.chat.settings import ChatSettings
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message as QueueMessage

TOGETHER = 12
OPERATIONS = 90
"""Of a transaction's hundred: the rest is the thread's own."""
_FORGOTTEN = timedelta(minutes=1)
"""Whoever put it in line is gone by then, and was told of no success."""
_MARKED = timedelta(seconds=4)
_PATIENCE = timedelta(seconds=2)
"""With each that is further in front."""


class LineStore(Protocol):
    def join(self, message: Message) -> None:
        """Again changes nothing."""

    def mark(self, thread: Thread, until: datetime) -> None:
        """Whoever comes until then joins the line at once."""

    def leave(self, message: Message) -> bool:
        """Whether it still stood in line."""

    def waiting(self, client_id: str, thread_id: str, since: datetime, limit: int) -> Sequence[Message]:
        """Oldest first, those that came since then and have no place yet."""

    def let_in(
        self, thread: Thread, messages: Sequence[Message], consequences: Sequence[QueueMessage], *, everybody: bool
    ) -> None:
        """Out of the line, into the thread; if that is everybody, newcomers need not join it.

        Raises PreconditionFailed if anybody else wrote first.
        """


class Line:
    def __init__(self, store: LineStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def join(self, thread: Thread, message: Message, known_until: datetime | None) -> None:
        """And have those behind join, too, or nobody would ever get to the front."""
        until = self._now() + _MARKED
        if known_until is None or known_until < until - _MARKED / 2:
            self._store.mark(thread, until)
        self._store.join(message)

    def leave(self, message: Message) -> bool:
        return self._store.leave(message)

    def move_up(self, thread: Thread, settings: ChatSettings, own: Message) -> None:
        """Those in front are in the thread afterwards, if it is for the writer of `own` to see to it. Raises
        PreconditionFailed where it is for somebody else, or anybody else wrote first."""
        now = self._now()
        waiting = self._store.waiting(thread.client_id, thread.id, now - _FORGOTTEN, TOGETHER)
        if waiting and not _is_turn(thread, waiting, own, now):
            raise PreconditionFailed
        placed = _places(thread, waiting, settings)
        if placed:
            consequences = [message for one in placed for message in one.consequences]
            after = replace(placed[-1].thread, updated_at=now)
            everybody = len(placed) == len(waiting) < TOGETHER
            self._store.let_in(after, [one.message for one in placed], consequences, everybody=everybody)


def _is_turn(thread: Thread, waiting: Sequence[Message], own: Message, now: datetime) -> bool:
    """The first one's, or they would all be in each other's way. The others' once nothing has moved for a while: it may
    have died."""
    ids = [message.id for message in waiting]
    rank = ids.index(own.id) if own.id in ids else TOGETHER
    return now - max(waiting[0].created_at, thread.updated_at) >= rank * _PATIENCE


def _places(thread: Thread, waiting: Sequence[Message], settings: ChatSettings) -> list[Placed]:
    """As many as one transaction takes."""
    placed: list[Placed] = []
    operations = 0
    for message in waiting:
        following = place(thread, _by_now(thread, message), settings)
        operations += 3 + len(following.consequences)
        if placed and operations > OPERATIONS:
            break
        placed.append(following)
        thread = following.thread
    return placed


def _by_now(thread: Thread, message: Message) -> Message:
    """Where people have taken over since it joined, nobody waits for the assistant."""
    if message.reply_status is ReplyStatus.PENDING and thread.answering is not Answering.ASSISTANT:
        return replace(message, reply_status=ReplyStatus.NONE)
    return message
