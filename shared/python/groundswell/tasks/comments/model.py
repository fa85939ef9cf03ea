"""A comment, and the mentions in it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from groundswell.access.model import ClientContext, Role
from groundswell.kernel.email import normalize_email
from groundswell.kernel.errors import Forbidden, NotFound

MENTIONS_AT_MOST = 20
_MENTION = re.compile(r"(?<![\w@.+-])@([\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class CommentNotFound(NotFound):
    code = "COMMENT_NOT_FOUND"
    message = "No such comment"


@dataclass(frozen=True)
class Comment:
    """`mentions` are users who work for the client; `unknown_mentions` are the words behind an @ that name none."""

    id: str
    client_id: str
    task_id: str
    user_id: str
    content: str
    created_at: datetime
    updated_at: datetime
    mentions: tuple[str, ...] = ()
    unknown_mentions: tuple[str, ...] = ()
    edited_at: datetime | None = None
    version: int = 0

    def need_author(self, acting: ClientContext) -> None:
        """Raises Forbidden."""
        if acting.actor_id != self.user_id:
            raise Forbidden("Whoever wrote a comment changes it")

    def need_deletable_by(self, acting: ClientContext) -> None:
        """Raises Forbidden."""
        if acting.actor_id != self.user_id and not acting.role.covers(Role.ADMIN):
            raise Forbidden("Whoever wrote a comment deletes it, or an admin")

    def edited(self, content: str, now: datetime) -> "Comment":
        return replace(self, content=content, edited_at=now, updated_at=now)


def words_mentioned(content: str) -> tuple[str, ...]:
    """What stands behind an @: a user id, an e-mail address, or anything else. Each once, in order."""
    return tuple(dict.fromkeys(match.rstrip(".") for match in _MENTION.findall(content)))


def is_user_id(word: str) -> bool:
    return _UUID.fullmatch(word.lower()) is not None


def address_of(word: str) -> str | None:
    """The address in its one spelling; None for what is none."""
    try:
        return normalize_email(word) if "@" in word else None
    except ValueError:
        return None
