"""An instance: one time that an alert fired, for one value of its dimension, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from groundswell.alerts.model import InstanceClosed, Severity
from groundswell.kernel.clock import millis

SYSTEM, QUEUED = "system", "queued"
_TRIED, _REMEMBERED = timedelta(days=1), timedelta(days=29)


class Status(StrEnum):
    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"

    @property
    def is_open(self) -> bool:
        return self in (Status.PENDING, Status.FIRING, Status.ACKNOWLEDGED)


@dataclass(frozen=True)
class Step:
    """One line of an instance's history."""

    at: datetime
    before: str | None = None
    after: str = ""
    by: str = SYSTEM
    comment: str | None = None


@dataclass(frozen=True)
class Notification:
    """`channel` is email, slack, webhook, task or user; `state` queued, sent, failed or unknown."""

    channel: str
    to: str
    state: str
    at: datetime
    mail_id: str | None = None
    """By which the mailer knows what became of it."""


@dataclass(frozen=True)
class Instance:
    id: str
    client_id: str
    alert_id: str
    alert_name: str
    alert_type: str
    status: Status
    severity: Severity
    started_at: datetime
    created_at: datetime
    updated_at: datetime
    dimensions: Mapping[str, str] = field(default_factory=dict)
    value: Decimal | None = None
    threshold: Decimal | None = None
    ended_at: datetime | None = None
    task_id: str | None = None
    forced: bool = False
    notifications: tuple[Notification, ...] = ()
    history: tuple[Step, ...] = ()
    acknowledged_until: datetime | None = None
    escalated_at: datetime | None = None
    useful: bool | None = None
    feedback: str | None = None
    provisional: bool = False
    version: int = 0

    def moved(self, status: Status, by: str, at: datetime, comment: str | None = None) -> "Instance":
        """In that state; the same one changes nothing. Raises InstanceClosed for what has ended otherwise."""
        if status is self.status:
            return self
        if not self.status.is_open:
            raise InstanceClosed(f"This instance is {self.status}")
        step = Step(at, self.status, status, by, comment)
        ended = None if status.is_open else at
        return replace(self, status=status, ended_at=ended, history=(*self.history, step), updated_at=at)

    @property
    def waiting_mails(self) -> list[str]:
        return [
            notification.mail_id
            for notification in self.notifications
            if notification.mail_id and notification.state == QUEUED
        ]

    def with_mails(self, states: Mapping[str, str], now: datetime) -> "Instance":
        """`states` is what the mailer knows of mails, by id."""
        return replace(
            self, notifications=tuple(_with_mail(notification, states, now) for notification in self.notifications)
        )

    def noted(self, at: datetime, *sent: Notification) -> "Instance":
        return replace(self, notifications=(*self.notifications, *sent), updated_at=at)


def _with_mail(sent: Notification, states: Mapping[str, str], now: datetime) -> Notification:
    """The queue keeps trying for a day; the mailer forgets what it sent after a month."""
    if sent.mail_id is None or sent.state != QUEUED:
        return sent
    state = states.get(sent.mail_id)
    if state in ("sent", "unknown"):
        return replace(sent, state=state)
    if state is not None or now - sent.at < _TRIED:
        return sent
    return replace(sent, state="failed" if now - sent.at < _REMEMBERED else "unknown")


def instance_id(client_id: str, alert_id: str, dimensions: Mapping[str, str], at: datetime) -> str:
    """It follows from what it is of, so that there are never two; ids sort by time, as all do (UUIDv7)."""
    text = "\0".join((client_id, alert_id, *(f"{name}={value}" for name, value in sorted(dimensions.items()))))
    return ordered_id(at, text)


def ordered_id(at: datetime, text: str) -> str:
    """A UUIDv7 (RFC 9562) that follows from a moment and a text."""
    digest = int.from_bytes(sha256(f"{millis(at)}\0{text}".encode()).digest()[:10])
    value = millis(at) << 80 | 0x7 << 76 | (digest >> 68) << 64 | 0b10 << 62 | digest & (1 << 62) - 1
    return str(UUID(int=value))
