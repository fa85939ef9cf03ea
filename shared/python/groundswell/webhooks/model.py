"""Endpoints that get a client's events, and deliveries: one event for one endpoint, with all its attempts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from groundswell.webhooks.events import Event

ENDPOINTS_AT_MOST = 20
SECRETS_AT_MOST = 5
OVERLAP = timedelta(days=4)
"""How long a replaced secret signs besides the new one, unless its owner says otherwise: deliveries wait 76 h."""
KEPT = timedelta(days=14)
"""How long a delivery is in the log after its event."""
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between attempts: ten of them over about 76 h (Standard Webhooks 1.0)."""
JITTER = 0.1
PATIENCE = timedelta(hours=100)
"""After this long nothing is tried any more, whatever kept it from being tried."""
LONGEST_RESPONSE = 500
"""Characters of an answer that the log keeps."""
ALL = "*"


class WebhookNotFound(NotFound):
    code = "WEBHOOK_NOT_FOUND"
    message = "No such webhook"


class DeliveryNotFound(NotFound):
    code = "DELIVERY_NOT_FOUND"
    message = "No such delivery, or it is older than 14 days"


class TooManyWebhooks(Conflict):
    code = "TOO_MANY_WEBHOOKS"
    message = f"A client has at most {ENDPOINTS_AT_MOST} webhooks: delete one first"


class WebhookDisabled(Conflict):
    code = "WEBHOOK_DISABLED"
    message = "The webhook is disabled: set its status to active first"


class DeliveryPending(Conflict):
    code = "DELIVERY_PENDING"
    message = "The delivery is still being tried"


class DeliveryUnderWay(Conflict):
    """Somebody else is at it: whether it arrives is not known before their lease ends."""

    code = "DELIVERY_UNDER_WAY"
    message = "Somebody else is at this delivery"


class Status(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"


class Reason(StrEnum):
    """Why an endpoint is disabled."""

    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True)
class Secret:
    """`sealed` as `storage.sealing` does it. Without `valid_until` it is the current one."""

    sealed: str
    valid_until: datetime | None = None


@dataclass(frozen=True)
class Endpoint:
    """`events` are types, `task.*` for all of one kind, or none for all there are. `secrets` begin with the newest."""

    id: str
    client_id: str
    org_id: str
    url: str
    description: str
    events: tuple[str, ...]
    status: Status
    secrets: tuple[Secret, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime
    disabled_reason: Reason | None = None
    disabled_at: datetime | None = None
    version: int = 0

    @property
    def active(self) -> bool:
        return self.status is Status.ACTIVE

    def gets(self, event: Event) -> bool:
        if event.endpoint_id:
            return event.endpoint_id == self.id
        return self.active and (not self.events or any(_matches(pattern, event.type) for pattern in self.events))

    def current_secrets(self, now: datetime) -> tuple[Secret, ...]:
        return tuple(secret for secret in self.secrets if secret.valid_until is None or now < secret.valid_until)

    def rotated(self, sealed: str, now: datetime, overlap: timedelta) -> "Endpoint":
        """The secrets that hold today hold for `overlap` more at most."""
        until = now + overlap
        kept = (
            replace(secret, valid_until=min(secret.valid_until or until, until)) for secret in self.current_secrets(now)
        )
        living = tuple(secret for secret in kept if secret.valid_until and now < secret.valid_until)
        return replace(self, secrets=(Secret(sealed), *living)[:SECRETS_AT_MOST], updated_at=now)

    def changed(self, changes: Mapping[str, Any], now: datetime) -> "Endpoint":
        status = changes.get("status", self.status)
        endpoint = replace(self, **{**changes, "status": self.status, "updated_at": now})
        if status is self.status:
            return endpoint
        if status is Status.ACTIVE:
            return replace(endpoint, status=status, disabled_reason=None, disabled_at=None)
        return endpoint.disabled(Reason.BY_HAND, now)

    def disabled(self, reason: Reason, now: datetime) -> "Endpoint":
        return replace(self, status=Status.DISABLED, disabled_reason=reason, disabled_at=now, updated_at=now)


def check_types(events: Iterable[str], known: frozenset[str]) -> tuple[str, ...]:
    """Each once. Raises Invalid naming those that no event has."""
    wanted = tuple(dict.fromkeys(events))
    problems = [
        FieldProblem(f"events.{place}", "unknown_event", _unknown(pattern, known))
        for place, pattern in enumerate(wanted)
        if not any(_matches(pattern, kind) for kind in known)
    ]
    if problems:
        raise Invalid(problems=tuple(problems))
    return () if ALL in wanted else wanted


def _unknown(name: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches  # few requests are wrong

    near = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"no event has this type{f', the nearest is {near[0]}' if near else ''}: see GET /webhooks/events"


def _matches(pattern: str, event_type: str) -> bool:
    return pattern in (ALL, event_type) or (pattern.endswith(".*") and event_type.startswith(pattern[:-1]))


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    """Under way, or waiting for its next attempt."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up after the last attempt, or because the endpoint is gone."""
    CANCELLED = "cancelled"
    """The endpoint was disabled or deleted while it waited."""


@dataclass(frozen=True)
class Attempt:
    """`status_code` is None where no answer came; `error` then says why. `response` is the beginning of the body."""

    at: datetime
    milliseconds: int
    status_code: int | None = None
    error: str | None = None
    response: str = ""


@dataclass(frozen=True)
class Delivery:
    """`tries` are the attempts of this `round`; a replay begins another one. `attempts` are those of all rounds."""

    id: str
    client_id: str
    endpoint_id: str
    event_id: str
    event_type: str
    payload: str
    created_at: datetime
    status: DeliveryStatus = DeliveryStatus.PENDING
    round: int = 0
    tries: int = 0
    round_began_at: datetime | None = None
    next_attempt_at: datetime | None = None
    finished_at: datetime | None = None
    attempts: tuple[Attempt, ...] = field(default=())

    @property
    def key(self) -> str:
        """Of its timer."""
        return f"{self.endpoint_id}.{self.id}"

    @property
    def order(self) -> dict[str, Any]:
        """What asks for its next attempt, and for no other."""
        names = {"client_id": self.client_id, "endpoint_id": self.endpoint_id, "delivery_id": self.id}
        return {**names, "round": self.round, "tries": self.tries}

    def delivered(self, attempt: Attempt, now: datetime) -> "Delivery":
        return replace(self._tried(attempt), status=DeliveryStatus.DELIVERED, finished_at=now, next_attempt_at=None)

    def failed(self, attempt: Attempt, now: datetime) -> "Delivery":
        """For good."""
        return replace(self._tried(attempt), status=DeliveryStatus.FAILED, finished_at=now, next_attempt_at=None)

    def cancelled(self, now: datetime) -> "Delivery":
        return replace(self, status=DeliveryStatus.CANCELLED, finished_at=now, next_attempt_at=None)

    def waiting(self, attempt: Attempt, until: datetime) -> "Delivery":
        return replace(self._tried(attempt), next_attempt_at=until)

    def postponed(self, until: datetime) -> "Delivery":
        """Nothing was tried."""
        return replace(self, next_attempt_at=until)

    def replayed(self, now: datetime) -> "Delivery":
        """Raises DeliveryPending."""
        if self.status is DeliveryStatus.PENDING:
            raise DeliveryPending
        return replace(
            self,
            status=DeliveryStatus.PENDING,
            round=self.round + 1,
            tries=0,
            round_began_at=now,
            next_attempt_at=now,
            finished_at=None,
        )

    def _tried(self, attempt: Attempt) -> "Delivery":
        return replace(self, tries=self.tries + 1, attempts=(*self.attempts, attempt)[-50:])


@dataclass(frozen=True)
class Order:
    """Asks for that attempt of a delivery: whoever comes after it was made finds another number of tries."""

    client_id: str
    endpoint_id: str
    delivery_id: str
    round: int
    tries: int


def new_delivery(event: Event, endpoint: Endpoint, now: datetime) -> Delivery:
    """The same event and endpoint always make the same delivery. Ids sort by the time of the event."""
    digest = sha256(event.id.encode()).hexdigest()[:24]
    name = f"{millis(event.at):013d}-{digest}"
    return Delivery(
        name,
        event.client_id,
        endpoint.id,
        event.id,
        event.type,
        event.payload,
        created_at=event.at,
        round_began_at=now,
        next_attempt_at=now,
    )


def next_wait(tries: int, random: float) -> timedelta | None:
    """After that many attempts of a round; None after the last. `random` in [0, 1) spreads receivers' load."""
    return WAITS[tries - 1] * (1 + JITTER * random) if tries <= len(WAITS) else None
