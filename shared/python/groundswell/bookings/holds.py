"""Holds: a slot that waits five minutes for whoever fills in a form.

An id says where its span lies, and cannot be guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from groundswell.bookings.agenda import Agenda, HostDay, days_read, span_of
from groundswell.bookings.availability import Slot
from groundswell.bookings.model import HOLD_FOR, Booking, BookingType, HoldNotFound
from groundswell.bookings.timers import hold_timer
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.schedules.timers import Timer

_ATTEMPTS = 8
_LENGTH, _TYPE, _TIME = 64, 32, 40  # hexadecimal digits: the type, the seconds of its start, chance


@dataclass(frozen=True)
class Hold:
    id: str
    type_id: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime

    @property
    def created_at(self) -> datetime:
        return self.expires_at - HOLD_FOR


def hold_id(type_id: str, starts_at: datetime, chance: str) -> str:
    """`chance` is a UUIDv7, whose last 24 digits are random enough."""
    return f"{UUID(type_id).hex}{int(starts_at.timestamp()):08x}{UUID(chance).hex[-(_LENGTH - _TIME) :]}"


def place_of(text: str) -> tuple[str, datetime]:
    """(type, start) of a hold's id. Raises HoldNotFound for what is none."""
    try:
        type_id, seconds = str(UUID(text[:_TYPE])), int(text[_TYPE:_TIME], 16)
        starts_at = datetime.fromtimestamp(seconds, UTC)
    except ValueError as error:
        raise HoldNotFound from error
    if len(text) != _LENGTH:
        raise HoldNotFound
    return type_id, starts_at


def is_hold(text: str | None, type_id: str) -> bool:
    """Whether it is the id of a hold of that type, whatever became of it."""
    try:
        return text is not None and place_of(text)[0] == type_id
    except HoldNotFound:
        return False


def end_of(client_id: str, hold: Hold) -> Timer:
    """Tells of it where nobody used or released it."""
    times = {"starts_at": rfc3339(hold.starts_at), "ends_at": rfc3339(hold.ends_at)}
    return hold_timer(client_id, hold.id, hold.expires_at, {"id": hold.id, "type_id": hold.type_id, **times})


class Kinds(Protocol):
    def find(self, type_id: str) -> BookingType | None: ...


class HostDays(Protocol):
    def days(self, client_id: str, hosts: Sequence[str], days: Sequence[str]) -> Sequence[HostDay]: ...

    def sell(
        self,
        before: Booking | None,
        after: Booking | None,
        changed: Sequence[HostDay],
        unchanged: Sequence[HostDay],
        messages: Sequence[Message],
        *,
        timers: Sequence[Timer] = (),
        cancelled: Sequence[Timer] = (),
    ) -> Booking | None: ...


class HoldService:
    def __init__(self, kinds: Kinds, store: HostDays, now: Callable[[], datetime]) -> None:
        self._kinds = kinds
        self._store = store
        self._now = now

    def get(self, wanted: str) -> Hold:
        """One that stands. Raises HoldNotFound: also where it expired, or became a booking."""
        return self._find(wanted)[0]

    def release(self, wanted: str) -> None:
        """The slot is free at once. Raises HoldNotFound."""
        for left in reversed(range(_ATTEMPTS)):
            hold, days = self._find(wanted)
            try:
                freed = Agenda(days, self._now()).without(hold.id)
                self._store.sell(None, None, freed, (), (), cancelled=[end_of(days[0].client_id, hold)])
            except PreconditionFailed:
                if not left:
                    raise
            else:
                return

    def _find(self, wanted: str) -> tuple[Hold, Sequence[HostDay]]:
        type_id, starts_at = place_of(wanted)
        kind = self._kinds.find(type_id)
        if kind is None:
            raise HoldNotFound
        span = span_of(kind, Slot(starts_at, starts_at + kind.duration, starts_at.date().isoformat()), wanted)
        days = self._store.days(kind.client_id, kind.hosts, days_read(kind, span))
        held = next((span for day in days for span in day.spans if span.id == wanted), None)
        if held is None or held.expires_at is None or not held.stands(self._now()):
            raise HoldNotFound
        return Hold(wanted, kind.id, held.starts_at, held.ends_at, held.expires_at), days
