"""What people do with threads, and read of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.chat import events
from groundswell.chat.history import page_of
from groundswell.chat.jobs import LATER
from groundswell.chat.model import (
    Answering,
    Message,
    MessageNotFound,
    MessageStatus,
    NotScheduled,
    Participant,
    Status,
    Thread,
    ThreadNotFound,
    need_id,
)
from groundswell.chat.settings import ChatSettings
from groundswell.kernel.errors import Forbidden, Invalid, PreconditionFailed, require_version
from groundswell.kernel.message import Message as Said
from groundswell.kernel.page import Page, Position

_ATTEMPTS = 8
_LOOKED_AT = 1000
"""Messages that a filtered page looks at."""


class ChatStore(Protocol):
    def thread(self, client_id: str, thread_id: str) -> Thread | None: ...

    def save_thread(self, thread: Thread, messages: Sequence[Said] = (), changes: Sequence[Any] = ()) -> Thread:
        """Raises PreconditionFailed."""

    def find(self, client_id: str, message_id: str) -> Message | None: ...

    def at(self, client_id: str, thread_id: str, sequence: int, message_id: str = "") -> Message | None: ...

    def change(self, message: Message, changes: Sequence[Any] = (), said: Sequence[Said] = ()) -> Message:
        """Raises PreconditionFailed."""

    def messages(self, client_id: str, thread_id: str, first: int, last: int = 10**9) -> Iterator[Message]: ...

    def scheduled(self, client_id: str, thread_id: str) -> tuple[Message, ...]: ...

    def of_user(self, client_id: str, user_id: str) -> tuple[Thread, ...]: ...

    def threads(
        self, client_id: str, status: Status, user_id: str | None, limit: int, position: Position | None
    ) -> Page[Thread]: ...

    def settings(self, client_id: str) -> ChatSettings: ...

    def save_settings(self, settings: ChatSettings) -> ChatSettings: ...


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]: ...


@dataclass(frozen=True)
class Span:
    """Which messages of a history: so many, behind so many. Newest first, they are counted from the end, or from the
    end that there was once there were `total` of them."""

    offset: int
    limit: int
    newest_first: bool = False
    total: int | None = None

    def of(self, total: int) -> tuple[int, int]:
        """The same, counted from the beginning: (offset, how many)."""
        if not self.newest_first:
            return self.offset, self.limit
        end = max(0, min(total, self.total or total) - self.offset)
        start = max(0, end - self.limit)
        return start, end - start

    def end_of(self, total: int, at_most: int) -> tuple[int, int]:
        """The end that is read from: (offset, how many)."""
        return (max(0, total - at_most) if self.newest_first else 0), at_most

    def ordered(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        return messages[::-1] if self.newest_first else messages


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
class Found:
    """A message, and the assistant's reply to it."""

    message: Message
    reply: Message | None


class ChatService:
    def __init__(
        self,
        store: ChatStore,
        team: Team,
        now: Callable[[], datetime],
        cancel_timer: Callable[[str, str, str], Any],
    ) -> None:
        self._store = store
        self._team = team
        self._now = now
        self._cancel_timer = cancel_timer

    def thread(self, who: Participant, thread_id: str) -> Thread:
        """Raises ThreadNotFound also for what they may not see."""
        thread = self._store.thread(who.client_id, need_id(thread_id, ThreadNotFound))
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
        whose = user_id if who.is_agent else who.id
        page = self._store.threads(who.client_id, status, whose, limit, position)
        return Page(tuple(each for each in page.items if matches(each)), page.next)

    def history(
        self,
        who: Participant,
        thread_id: str | None,
        user_id: str | None,
        span: Span,
        wanted: Wanted,
    ) -> HistoryPage:
        """Of a thread, or of all threads of a user (the caller, if nobody is named)."""
        threads = self._whose(who, thread_id, user_id)
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
        messages = tuple(self._store.messages(who.client_id, thread_id, sequence + 1, last))
        return HistoryPage(messages, thread.last_sequence), thread.last_sequence

    def message(self, who: Participant, message_id: str) -> Found:
        """Raises MessageNotFound."""
        message = self._store.find(who.client_id, need_id(message_id, MessageNotFound))
        if message is None:
            raise MessageNotFound
        try:
            self.thread(who, message.thread_id)
        except ThreadNotFound as error:
            raise MessageNotFound from error
        return self.with_reply(message)

    def again(self, message: Message) -> Message:
        """As it is by now."""
        return self._store.at(message.client_id, message.thread_id, message.sequence, message.id) or message

    def with_reply(self, message: Message) -> Found:
        reply = self._store.find(message.client_id, message.reply_id) if message.reply_id else None
        return Found(message, reply)

    def cancel(self, who: Participant, message_id: str) -> Message:
        """A scheduled message is not sent. Raises MessageNotFound, NotScheduled, Forbidden."""
        message = self.message(who, message_id).message
        if message.status is MessageStatus.CANCELLED:
            return message
        if message.status is not MessageStatus.SCHEDULED:
            raise NotScheduled
        if message.author_id != who.id and not who.is_agent:
            raise Forbidden
        cancelled = replace(message, status=MessageStatus.CANCELLED)
        try:
            return self._store.change(cancelled, [self._cancel_timer(who.client_id, LATER, message.id)])
        except PreconditionFailed as error:
            raise NotScheduled from error

    def archive(self, who: Participant, thread_id: str) -> Thread:
        """Whoever comes back to it is answered by the assistant first."""
        return self._changed(
            who, thread_id, lambda each: replace(each, status=Status.ARCHIVED, answering=Answering.ASSISTANT)
        )

    def unarchive(self, who: Participant, thread_id: str) -> Thread:
        return self._changed(who, thread_id, lambda each: replace(each, status=Status.ACTIVE))

    def read(self, who: Participant, thread_id: str, sequence: int | None) -> Thread:
        """How far the caller has read: to the end unless they say. It never goes back."""

        def mark(thread: Thread) -> Thread:
            upto = min(thread.last_sequence, thread.last_sequence if sequence is None else sequence)
            return replace(thread, reads={**thread.reads, who.id: max(upto, thread.reads.get(who.id, 0))})

        return self._changed(who, thread_id, mark)

    def assign(self, who: Participant, thread_id: str, assignee_id: str | None) -> Thread:
        """To somebody who works for the client, or to nobody. Raises Invalid, AgentsOnly."""
        if assignee_id is not None:
            self._need_colleagues(who, [assignee_id], "assignee_id")
        return self._worked_on(who, thread_id, lambda each: replace(each, assignee_id=assignee_id))

    def tag(self, who: Participant, thread_id: str, tags: Sequence[str]) -> Thread:
        """Those and no others. Raises Invalid for one that is not the client's, AgentsOnly."""
        wanted = self._store.settings(who.client_id).need_tags(tags)
        return self._worked_on(who, thread_id, lambda each: replace(each, tags=wanted))

    def hand_over(self, who: Participant, thread_id: str, to: Answering, assignee_id: str | None = None) -> Thread:
        """To people, who are told, or back to the assistant. The contact may ask for people, agents do both."""
        if assignee_id is not None:
            self._need_colleagues(who, [assignee_id], "assignee_id")
        agents = self._store.settings(who.client_id).agents

        def change(thread: Thread) -> Thread:
            if to is Answering.ASSISTANT or assignee_id is not None:
                who.need_work_on(thread)
            return replace(thread, answering=to, assignee_id=assignee_id or thread.assignee_id)

        def tell(before: Thread, after: Thread) -> tuple[Said, ...]:
            begins = before.answering is not to and to is Answering.PEOPLE
            return events.handed_over(after, agents) if begins else ()

        return self._changed(who, thread_id, change, tell)

    def rate(self, who: Participant, thread_id: str, rating: int, comment: str | None) -> Thread:
        """By whose thread it is. Raises Forbidden for others."""

        def change(thread: Thread) -> Thread:
            if thread.user_id != who.id:
                raise Forbidden("A conversation is rated by whose it is")
            return replace(thread, rating=rating, rating_comment=comment)

        return self._changed(who, thread_id, change)

    def settings(self, client_id: str) -> ChatSettings:
        return self._store.settings(client_id)

    def change_settings(self, who: Participant, changes: Mapping[str, Any], expected: int | None) -> ChatSettings:
        """Raises Invalid for people who do not work for the client, PreconditionFailed."""
        present = self._store.settings(who.client_id)
        require_version(expected, present.version)
        changed = present.changed(changes, self._now())
        self._need_colleagues(who, changed.agents, "agents")
        acting = [each.action for each in changed.tags]
        self._need_colleagues(who, [each.assign_to for each in acting if each.assign_to], "tags")
        self._need_colleagues(who, [one for each in acting for one in each.task_assignees], "tags")
        return self._store.save_settings(changed)

    def need_reachable(self, who: Participant, user_id: str) -> None:
        """Raises Invalid where a thread with that person cannot be begun: somebody who does not work for the client."""
        if user_id != who.id:
            if not who.is_agent:
                raise Invalid.on("user_id", "only agents begin threads with others", "forbidden")
            if not user_id.startswith("visitor_"):
                self._need_colleagues(who, [user_id], "user_id")

    def _need_colleagues(self, who: Participant, user_ids: Sequence[str], where: str) -> None:
        wanted = frozenset(user_ids)
        if wanted - (self._team.working(who.client_id, who.org_id, sorted(wanted)) if wanted else wanted):
            raise Invalid.on(where, "nobody who works for this client", "unknown")

    def _worked_on(self, who: Participant, thread_id: str, change: Callable[[Thread], Thread]) -> Thread:
        def allowed(thread: Thread) -> Thread:
            who.need_work_on(thread)
            return change(thread)

        return self._changed(who, thread_id, allowed)

    def _changed(
        self,
        who: Participant,
        thread_id: str,
        change: Callable[[Thread], Thread],
        tell: Callable[[Thread, Thread], Sequence[Said]] = lambda _before, _after: (),
    ) -> Thread:
        """Tried again behind messages that come in meanwhile. Raises ThreadNotFound, PreconditionFailed."""
        for _ in range(_ATTEMPTS):
            before = self.thread(who, thread_id)
            after = change(before)
            if after == before:
                return before
            after = replace(after, updated_at=self._now())
            try:
                return self._store.save_thread(after, tell(before, after))
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _whose(self, who: Participant, thread_id: str | None, user_id: str | None) -> tuple[Thread, ...]:
        if thread_id is not None:
            thread = self.thread(who, thread_id)
            return (thread,) if user_id in (None, thread.user_id) else ()
        whose = user_id or who.id
        return tuple(each for each in self._store.of_user(who.client_id, whose) if who.sees(each))

    def _filtered(self, client_id: str, threads: Sequence[Thread], span: Span, wanted: Wanted) -> HistoryPage:
        total = sum(thread.last_sequence for thread in threads)
        looked_at = list(page_of(threads, *span.end_of(total, _LOOKED_AT), self._reader(client_id)))
        if wanted.status in (MessageStatus.SCHEDULED, MessageStatus.CANCELLED):
            looked_at = [each for thread in threads for each in self._store.scheduled(client_id, thread.id)]
        found = [each for each in looked_at if wanted.matches(each)]
        offset, limit = span.of(len(found))
        shown = tuple(found[offset : offset + limit])
        return HistoryPage(span.ordered(shown), len(found) if total <= _LOOKED_AT else None)

    def _reader(self, client_id: str) -> Callable[[str, int, int], Iterator[Message]]:
        return lambda thread_id, first, last: self._store.messages(client_id, thread_id, first, last)
