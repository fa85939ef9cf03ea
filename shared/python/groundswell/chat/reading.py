"""What people read of threads: their own, and agents their client's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from groundswell.chat.history import Span, page_of
from groundswell.chat.model import (
    Message,
    MessageNotFound,
    MessageStatus,
    Participant,
    Status,
    Thread,
    ThreadNotFound,
    need_id,
)
from groundswell.kernel.page import Page, Position

_LOOKED_AT = 1000
"""Messages that a filtered page looks at."""


class ReadingStore(Protocol):
    def thread(self, client_id: str, thread_id: str) -> Thread | None: ...

    def find(self, client_id: str, message_id: str) -> Message | None: ...

    def at(self, client_id: str, thread_id: str, sequence: int, message_id: str = "") -> Message | None: ...

    def messages(self, client_id: str, thread_id: str, first: int, last: int = 10**9) -> Iterator[Message]: ...

    def scheduled(self, client_id: str, thread_id: str) -> tuple[Message, ...]: ...

    def of_user(self, client_id: str, user_id: str) -> tuple[Thread, ...]: ...

    def threads(
        self, client_id: str, status: Status, user_id: str | None, limit: int, position: Position | None
    ) -> Page[Thread]: ...


@dataclass(frozen=True)
class Wanted:
    """What a history is filtered by."""

    tag: str | None = None
    status: MessageStatus | None = None
    text: str | None = None

    def __bool__(self) -> bool:
        return bool(self.tag or self.status or self.text)

    def matches(self, message: Message) -> bool:
        return (
            (self.tag is None or self.tag in message.tags)
            and (self.status is None or self.status is message.status)
            and (self.text is None or self.text.lower() in message.text.lower())
        )


@dataclass(frozen=True)
class HistoryPage:
    """`total` is of all there is; None where the filter did not look at all of it."""

    messages: tuple[Message, ...]
    total: int | None


@dataclass(frozen=True)
class MessageWithReply:
    """A message, and the assistant's reply to it."""

    message: Message
    reply: Message | None


class ChatReader:
    def __init__(self, store: ReadingStore) -> None:
        self._read = store

    def thread(self, who: Participant, thread_id: str) -> Thread:
        """Raises ThreadNotFound also for what they may not see."""
        thread = self._read.thread(who.client_id, need_id(thread_id, ThreadNotFound))
        if thread is None or not who.sees(thread):
            raise ThreadNotFound
        return thread

    def threads(
        self,
        who: Participant,
        status: Status,
        user_id: str | None,
        matches: Callable[[Thread], bool],
        limit: int,
        position: Position | None,
    ) -> Page[Thread]:
        """By their last message, newest first. Whoever is no agent finds their own; what is filtered beyond the user
        may leave pages short."""
        owner_id = user_id if who.is_agent else who.id
        page = self._read.threads(who.client_id, status, owner_id, limit, position)
        return Page(tuple(thread for thread in page.items if matches(thread)), page.next)

    def history(
        self, who: Participant, thread_id: str | None, user_id: str | None, span: Span, wanted: Wanted
    ) -> HistoryPage:
        """Of a thread, or of all threads of a user (the caller, if nobody is named)."""
        threads = self._threads_of(who, thread_id, user_id)
        if wanted:
            return self._filtered(who.client_id, threads, span, wanted)
        total = sum(thread.last_sequence for thread in threads)
        offset, limit = span.of(total)
        messages = page_of(threads, offset, limit, self._reader(who.client_id))
        return HistoryPage(span.ordered(messages), total)

    def after(self, who: Participant, thread_id: str, sequence: int, limit: int) -> tuple[HistoryPage, int]:
        """What came after that sequence, and the newest sequence."""
        thread = self.thread(who, thread_id)
        last = min(thread.last_sequence, sequence + limit)
        messages = tuple(self._read.messages(who.client_id, thread_id, sequence + 1, last))
        return HistoryPage(messages, thread.last_sequence), thread.last_sequence

    def message(self, who: Participant, message_id: str) -> MessageWithReply:
        """Raises MessageNotFound."""
        message = self._read.find(who.client_id, need_id(message_id, MessageNotFound))
        if message is None:
            raise MessageNotFound
        try:
            self.thread(who, message.thread_id)
        except ThreadNotFound as error:
            raise MessageNotFound from error
        return self.with_reply(message)

    def again(self, message: Message) -> Message:
        """As it is by now."""
        return self._read.at(message.client_id, message.thread_id, message.sequence, message.id) or message

    def with_reply(self, message: Message) -> MessageWithReply:
        reply = self._read.find(message.client_id, message.reply_id) if message.reply_id else None
        return MessageWithReply(message, reply)

    def _threads_of(self, who: Participant, thread_id: str | None, user_id: str | None) -> tuple[Thread, ...]:
        if thread_id is not None:
            thread = self.thread(who, thread_id)
            return (thread,) if user_id in (None, thread.user_id) else ()
        threads = self._read.of_user(who.client_id, user_id or who.id)
        return tuple(thread for thread in threads if who.sees(thread))

    def _filtered(self, client_id: str, threads: Sequence[Thread], span: Span, wanted: Wanted) -> HistoryPage:
        total = sum(thread.last_sequence for thread in threads)
        looked_at = list(page_of(threads, *span.end_of(total, _LOOKED_AT), self._reader(client_id)))
        if wanted.status in (MessageStatus.SCHEDULED, MessageStatus.CANCELLED):
            looked_at = [message for thread in threads for message in self._read.scheduled(client_id, thread.id)]
        matching = [message for message in looked_at if wanted.matches(message)]
        offset, limit = span.of(len(matching))
        shown = tuple(matching[offset : offset + limit])
        return HistoryPage(span.ordered(shown), len(matching) if total <= _LOOKED_AT else None)

    def _reader(self, client_id: str) -> Callable[[str, int, int], Iterator[Message]]:
        return lambda thread_id, first, last: self._read.messages(client_id, thread_id, first, last)
