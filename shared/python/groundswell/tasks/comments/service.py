"""What can be done with comments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import Invalid, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.tasks.comments.model import (
    MENTIONS_AT_MOST,
    Comment,
    CommentNotFound,
    address_of,
    is_user_id,
    words_mentioned,
)
from groundswell.tasks.model import Task
from groundswell.tasks.news import COMMENTED, MENTIONED, Happening, named, notice


class CommentStore(Protocol):
    def find(self, client_id: str, comment_id: str) -> Comment | None: ...

    def page(self, client_id: str, task_id: str, limit: int, position: Position | None) -> Page[Comment]:
        """Oldest first."""

    def save(self, comment: Comment, messages: Sequence[Message]) -> Comment:
        """Raises PreconditionFailed if someone else wrote first."""

    def remove(self, comment: Comment) -> None:
        """Raises PreconditionFailed if someone else wrote first."""


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]: ...

    def named(self, emails: Sequence[str]) -> Mapping[str, str]:
        """User ids by address."""


class Tasks(Protocol):
    def get(self, acting: ClientContext, task_id: str) -> Task:
        """Raises TaskNotFound."""


class CommentService:
    def __init__(
        self,
        store: CommentStore,
        tasks: Tasks,
        team: Team,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._tasks = tasks
        self._team = team
        self._now = now
        self._new_id = new_id

    def page(self, acting: ClientContext, task_id: str, limit: int, position: Position | None) -> Page[Comment]:
        """Oldest first. Raises TaskNotFound."""
        return self._store.page(acting.client_id, self._tasks.get(acting, task_id).id, limit, position)

    def get(self, acting: ClientContext, comment_id: str, task_id: str | None = None) -> Comment:
        """Of that task, if one is named. Raises CommentNotFound."""
        comment = self._store.find(acting.client_id, comment_id) if can_be_id(comment_id) else None
        if comment is None or task_id not in (None, comment.task_id):
            raise CommentNotFound
        return comment

    def add(self, acting: ClientContext, task_id: str, content: str) -> Comment:
        """Raises TaskNotFound, Invalid for too many mentions."""
        task, now = self._tasks.get(acting, task_id), self._now()
        comment = Comment(self._new_id(), acting.client_id, task.id, acting.actor_id, content, now, now)
        return self._save_and_notify(acting, task, (), comment, task.concerns)

    def edit(self, acting: ClientContext, comment_id: str, content: str, expected: int | None) -> Comment:
        """For its author. Who is mentioned newly is told. Raises CommentNotFound, Forbidden, PreconditionFailed."""
        comment = self.get(acting, comment_id)
        comment.need_author(acting)
        require_version(expected, comment.version)
        if content == comment.content:
            return comment
        task = self._tasks.get(acting, comment.task_id)
        return self._save_and_notify(acting, task, comment.mentions, comment.edited(content, self._now()), frozenset())

    def delete(self, acting: ClientContext, comment_id: str) -> None:
        """For its author, and admins. Raises CommentNotFound, Forbidden."""
        comment = self.get(acting, comment_id)
        comment.need_deletable_by(acting)
        self._store.remove(comment)

    def _save_and_notify(
        self, acting: ClientContext, task: Task, before: tuple[str, ...], comment: Comment, to: frozenset[str]
    ) -> Comment:
        known, unknown = self._mentioned(acting, comment.content)
        comment = replace(comment, mentions=known, unknown_mentions=unknown)
        what = Happening(f"{comment.id}-{comment.version}", acting.actor_id, comment.updated_at)
        new = frozenset(known) - frozenset(before)
        messages = [
            *notice(task, new, MENTIONED, f"You are mentioned in: {named(task)}", what),
            *notice(task, to - new, COMMENTED, f"New comment on: {named(task)}", what),
        ]
        return self._store.save(comment, messages)

    def _mentioned(self, acting: ClientContext, content: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(users who work for the client, other words). Who has an account elsewhere is a stranger like all others."""
        words = words_mentioned(content)
        if len(words) > MENTIONS_AT_MOST:
            raise Invalid.on("content", f"mentions at most {MENTIONS_AT_MOST}", "too_many")
        addresses = [address for word in words if (address := address_of(word)) is not None]
        ids = self._team.named(addresses) if addresses else {}
        meant = {word: word.lower() if is_user_id(word) else ids.get(address_of(word) or "", "") for word in words}
        wanted = [user_id for user_id in meant.values() if user_id]
        known = self._team.working(acting.client_id, acting.org_id, wanted) if wanted else frozenset()
        mentions = tuple(dict.fromkeys(user_id for user_id in wanted if user_id in known))
        return mentions, tuple(word for word, user_id in meant.items() if user_id not in known)
