"""Notifications, and what users choose to be told of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from groundswell.kernel.clock import millis
from groundswell.kernel.errors import NotFound
from groundswell.notifications.message import Kind, Notice

KEPT = timedelta(days=90)
GROUPED_FOR = timedelta(minutes=10)
"""The first mail leaves at once; what follows within this time is one mail at its end."""
CLOSING = timedelta(minutes=1)
"""Before its end nothing is added to a group any more, so that its mail has all of it."""


class NotificationNotFound(NotFound):
    code = "NOTIFICATION_NOT_FOUND"
    message = "No such notification"


@dataclass(frozen=True)
class Notification:
    id: str
    user_id: str
    client_id: str
    kind: str
    text: str
    object_type: str
    object_id: str
    created_at: datetime
    read_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class Choice:
    """Where a kind is told. None is as the kind says."""

    in_app: bool | None = None
    mail: bool | None = None


@dataclass(frozen=True)
class Preferences:
    """By kind, for one user. `version` 0: nothing was chosen yet."""

    user_id: str
    choices: Mapping[str, Choice] = field(default_factory=dict)
    version: int = 0

    def in_app(self, kind: str) -> bool:
        chosen = self.choices.get(kind, Choice()).in_app
        return True if chosen is None else chosen

    def mail(self, kind: str, otherwise: bool) -> bool:
        chosen = self.choices.get(kind, Choice()).mail
        return otherwise if chosen is None else chosen


@dataclass(frozen=True)
class Setting:
    """A kind, and where its user is told of it."""

    kind: Kind
    in_app: bool
    mail: bool


@dataclass(frozen=True)
class Group:
    """What a user's mails wait for: until `ends_at` they are collected."""

    user_id: str
    ends_at: datetime
    version: int = 0

    def takes(self, now: datetime) -> bool:
        return now < self.ends_at - CLOSING


@dataclass(frozen=True)
class Recipient:
    """A user as far as telling them needs."""

    user_id: str
    email: str
    preferences: Preferences
    group: Group | None


def notification_of(notice: Notice, user_id: str) -> Notification:
    """The same for the same notice, however often it is delivered."""
    digest = sha256(f"{notice.id}\0{user_id}".encode()).digest()
    id_ = str(UUID(int=millis(notice.at) << 80 | int.from_bytes(digest[:10])))
    return Notification(
        id_, user_id, notice.client_id, notice.kind, notice.text, notice.object_type, notice.object_id, notice.at
    )
