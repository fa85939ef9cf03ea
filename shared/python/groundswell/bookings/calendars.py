"""Outside calendars of hosts: when they are busy elsewhere, as their public iCalendar addresses say.

They are read every quarter of an hour and kept, so that looking for a slot calls nobody. One that cannot be read leaves
the times that were read last, and says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.bookings.model import BookingType

READ_EVERY = timedelta(minutes=15)
CALENDARS_AT_MOST = 5
"""Of a host and type."""
BUSY_AT_MOST = 5_000
"""Times of a calendar within the horizon."""
type Busy = tuple[int, int]
"""(start, end) in seconds since 1970."""


class CalendarUnread(Exception):
    """Why a calendar could not be read: one word for programs."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Read:
    """What came of reading one address: of the last time that it could be read, and why it cannot be read now."""

    busy: tuple[Busy, ...] = ()
    read_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True)
class HostBusy:
    """When a host of a booking type is busy elsewhere, address by address."""

    client_id: str
    type_id: str
    host_id: str
    reads: Mapping[str, Read] = field(default_factory=dict)
    version: int = 0

    def spans(self, kind: BookingType) -> list[Busy]:
        """Of the addresses that the type names now."""
        named = kind.calendars.get(self.host_id, ())
        return merged(span for address, read in self.reads.items() if address in named for span in read.busy)


def merged(spans: Iterable[Busy]) -> list[Busy]:
    """In order, with what overlaps or touches joined."""
    joined: list[Busy] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


class BusyStore(Protocol):
    def busy(self, kind: BookingType) -> Sequence[HostBusy]: ...

    def keep_busy(self, busy: HostBusy) -> None:
        """Whatever was there is replaced."""

    def wake(self, kind: BookingType, at: datetime) -> None:
        """Have the type's calendars read at that time."""


class Kinds(Protocol):
    def find(self, type_id: str) -> BookingType | None: ...


class CalendarReader:
    """`fetch(client_id, address, start, end, timezone)` gives the busy times of [start, end); raises CalendarUnread."""

    def __init__(
        self,
        kinds: Kinds,
        store: BusyStore,
        fetch: Callable[[str, str, datetime, datetime, str], Sequence[Busy]],
        now: Callable[[], datetime],
    ) -> None:
        self._kinds = kinds
        self._store = store
        self._fetch = fetch
        self._now = now

    def read(self, type_id: str) -> bool:
        """Read all calendars of a type, and come again, whatever becomes of this time. False where there is nothing to
        read any more."""
        kind = self._kinds.find(type_id)
        if kind is None or not kind.calendars or not kind.is_active:
            return False
        self._store.wake(kind, self._now() + READ_EVERY)
        known = {host_busy.host_id: host_busy for host_busy in self._store.busy(kind)}
        for host, addresses in kind.calendars.items():
            before = known.get(host) or HostBusy(kind.client_id, kind.id, host)
            reads = {address: self._read(kind, address, before.reads.get(address)) for address in addresses}
            self._store.keep_busy(HostBusy(kind.client_id, kind.id, host, reads))
        return True

    def _read(self, kind: BookingType, address: str, before: Read | None) -> Read:
        now = self._now()
        end = now + timedelta(days=kind.horizon_days + 1)
        try:
            busy = self._fetch(kind.client_id, address, now - timedelta(days=1), end, kind.availability.timezone)
        except CalendarUnread as error:
            last = before or Read()
            return Read(last.busy, last.read_at, error.code)
        return Read(tuple(merged(busy)), now)
