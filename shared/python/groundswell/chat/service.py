"""What people do with threads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.chat import events
from groundswell.chat.jobs import LATER
from groundswell.chat.model import (
    Answering,
    Message,
    MessageStatus,
    NotScheduled,
    Participant,
    Status,
    Thread,
)
from groundswell.chat.reading import ChatReader, ReadingStore
from groundswell.chat.settings import ChatSettings
from groundswell.kernel.errors import Forbidden, Invalid, PreconditionFailed, require_version
from groundswell.kernel.message import Message as Queued

_ATTEMPTS = 8


class ChatStore(ReadingStore, Protocol):
    def save_thread(self, thread: Thread, messages: Sequence[Queued] = (), changes: Sequence[Any] = ()) -> Thread:
        """Raises PreconditionFailed."""

    def change(self, message: Message, changes: Sequence[Any] = (), queue_messages: Sequence[Queued] = ()) -> Message:
        """Raises PreconditionFailed."""

    def settings(self, client_id: str) -> ChatSettings: ...

    def save_settings(self, settings: ChatSettings) -> ChatSettings: ...


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]: ...


class ChatService(ChatReader):
    """Whoever changes threads reads them, too."""

    def __init__(
        self,
        store: ChatStore,
        team: Team,
        now: Callable[[], datetime],
        cancel_timer: Callable[[str, str, str], Any],
    ) -> None:
        super().__init__(store)
        self._store = store
        self._team = team
        self._now = now
        self._cancel_timer = cancel_timer

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
            who, thread_id, lambda thread: replace(thread, status=Status.ARCHIVED, answering=Answering.ASSISTANT)
        )

    def unarchive(self, who: Participant, thread_id: str) -> Thread:
        return self._changed(who, thread_id, lambda thread: replace(thread, status=Status.ACTIVE))

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
        return self._worked_on(who, thread_id, lambda thread: replace(thread, assignee_id=assignee_id))

    def tag(self, who: Participant, thread_id: str, tags: Sequence[str]) -> Thread:
        """Those and no others. Raises Invalid for one that is not the client's, AgentsOnly."""
        wanted = self._store.settings(who.client_id).need_tags(tags)
        return self._worked_on(who, thread_id, lambda thread: replace(thread, tags=wanted))

    def hand_over(self, who: Participant, thread_id: str, to: Answering, assignee_id: str | None = None) -> Thread:
        """To people, who are told, or back to the assistant. The contact may ask for people, agents do both."""
        if assignee_id is not None:
            self._need_colleagues(who, [assignee_id], "assignee_id")
        agents = self._store.settings(who.client_id).agents

        def change(thread: Thread) -> Thread:
            if to is Answering.ASSISTANT or assignee_id is not None:
                who.need_work_on(thread)
            return replace(thread, answering=to, assignee_id=assignee_id or thread.assignee_id)

        def tell(before: Thread, after: Thread) -> tuple[Queued, ...]:
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
        actions = [tag.action for tag in changed.tags]
        self._need_colleagues(who, [action.assign_to for action in actions if action.assign_to], "tags")
        self._need_colleagues(who, [person for action in actions for person in action.task_assignees], "tags")
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
        tell: Callable[[Thread, Thread], Sequence[Queued]] = lambda _before, _after: (),
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
