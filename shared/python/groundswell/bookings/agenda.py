"""The time of hosts that is taken: one item a host and day in UTC, whose version lets a slot be sold once."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from groundswell.bookings.availability import Slot, moment
from groundswell.bookings.model import Assignment, BookingType, SlotTaken

_DAY = timedelta(days=1)
type Place = tuple[str, str]
"""A host, and a date in UTC."""


@dataclass(frozen=True)
class Span:
    """Taken by a booking, or by a hold until `expires_at`. What is around it by the buffers, `busy_from` to `busy_to`,
    no other booking may touch, but buffers may overlap."""

    id: str
    type_id: str
    day: str
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_to: datetime
    expires_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        return self.expires_at is None or self.expires_at > now

    def clashes(self, other: "Span") -> bool:
        mine = self.starts_at < other.busy_to and other.busy_from < self.ends_at
        return mine or (other.starts_at < self.busy_to and self.busy_from < other.ends_at)

    @cached_property
    def days(self) -> tuple[str, ...]:
        """In UTC, that it touches."""
        return tuple(days_between(self.busy_from, self.busy_to))


@dataclass(frozen=True)
class HostDay:
    client_id: str
    host_id: str
    day: str
    spans: tuple[Span, ...] = ()
    version: int = 0

    @property
    def place(self) -> Place:
        return self.host_id, self.day


@dataclass(frozen=True)
class Sale:
    """Host days as they are to be, and those that must still be as they were."""

    hosts: tuple[str, ...]
    changed: Sequence[HostDay]
    unchanged: Sequence[HostDay]


def span_of(kind: BookingType, slot: Slot, span_id: str, expires_at: datetime | None = None) -> Span:
    before, after = timedelta(seconds=kind.buffer_before), timedelta(seconds=kind.buffer_after)
    busy = (slot.starts_at - before, slot.ends_at + after)
    return Span(span_id, kind.id, slot.day, slot.starts_at, slot.ends_at, *busy, expires_at)


def days_between(start: datetime, end: datetime) -> Iterator[str]:
    """In UTC."""
    day = start.astimezone(UTC).date()
    while day <= end.astimezone(UTC).date():
        yield day.isoformat()
        day += _DAY


def days_read(kind: BookingType, span: Span) -> tuple[str, ...]:
    """What has to be known to sell it: the days that it touches, and, where their number is bounded, those of its day
    on the clocks of its type."""
    if kind.per_day is None:
        return span.days
    local = date.fromisoformat(span.day)
    whole = days_between(*(moment(day, "00:00", kind.availability.timezone) for day in (local, local + _DAY)))
    return tuple(sorted({*span.days, *whole}))


class Agenda:
    """What is known of some hosts' days. `ignoring` are ids of spans that are to go: a hold that becomes a booking,
    a booking that moves. `prefer` are hosts who take it if they can. `outside` is when hosts are
    busy elsewhere: (start, end) in seconds since 1970, in order, without overlaps."""

    def __init__(
        self,
        days: Iterable[HostDay],
        now: datetime,
        ignoring: AbstractSet[str] = frozenset(),
        prefer: AbstractSet[str] = frozenset(),
        outside: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    ) -> None:
        self._now = now
        self._outside = outside or {}
        self._prefer = prefer
        self._ignoring = ignoring
        self._days: Mapping[Place, HostDay] = {day.place: day for day in days}
        self._standing = {
            place: tuple(span for span in day.spans if span.stands(now) and span.id not in ignoring)
            for place, day in self._days.items()
        }

    def is_free(self, kind: BookingType, host: str, span: Span) -> bool:
        if self._is_taken(host, span) or self._is_elsewhere(host, span):
            return False
        if kind.per_day is None:
            return True
        same = {
            held_span.id
            for day in days_read(kind, span)
            for held_span in self._spans(host, day)
            if (held_span.type_id, held_span.day) == (kind.id, span.day)
        }
        return len(same) < kind.per_day

    def _is_taken(self, host: str, span: Span) -> bool:
        for day in span.days:
            for standing in self._standing.get((host, day), ()):
                if span.clashes(standing):
                    return True
        return False

    def _is_elsewhere(self, host: str, span: Span) -> bool:
        """Whether another calendar has anything then, buffers included."""
        elsewhere = self._outside.get(host)
        if not elsewhere:
            return False
        later = bisect_left(elsewhere, (span.busy_to.timestamp(), 0))
        return later > 0 and elsewhere[later - 1][1] > span.busy_from.timestamp()

    def hosts_for(self, kind: BookingType, span: Span) -> tuple[str, ...]:
        """Who could take it: of a collective type all or nobody."""
        free = tuple(candidate for candidate in kind.candidates if self.is_free(kind, candidate, span))
        if kind.assignment is Assignment.COLLECTIVE and len(free) < len(kind.candidates):
            return ()
        return free

    def sell(self, client_id: str, kind: BookingType, span: Span) -> Sale:
        """Raises SlotTaken."""
        free = self.hosts_for(kind, span)
        if not free:
            raise SlotTaken
        hosts = free if kind.assignment is Assignment.COLLECTIVE else (self._next(kind, free, span),)
        changed = [self._with(client_id, host, day, span) for host in hosts for day in span.days]
        others = [day for day in days_read(kind, span) if day not in span.days]
        return Sale(hosts, changed, [self._day(client_id, host, day) for host in hosts for day in others])

    def without(self, span_id: str) -> list[HostDay]:
        """The days that had it."""
        days = [day for day in self._days.values() if any(span.id == span_id for span in day.spans)]
        return [replace(day, spans=tuple(span for span in day.spans if span.id != span_id)) for day in days]

    def _next(self, kind: BookingType, free: Sequence[str], span: Span) -> str:
        """Whoever holds it already, else who has the least to do then; of several, one in turn by the time."""
        turn = int(span.starts_at.timestamp() // max(1, kind.step.total_seconds())) % len(kind.hosts)
        order = [*kind.hosts[turn:], *kind.hosts[:turn]]

        def burden(host: str) -> tuple[bool, int, int]:
            known = [span for day in span.days for span in self._day("", host, day).spans]
            held = host in self._prefer or any(known_span.id in self._ignoring for known_span in known)
            return (
                not held,
                len({known_span.id for known_span in known if known_span.stands(self._now)}),
                order.index(host),
            )

        return min(free, key=burden)

    def _with(self, client_id: str, host: str, day: str, span: Span) -> HostDay:
        """What expired goes with this write."""
        return replace(self._day(client_id, host, day), spans=(*self._spans(host, day), span))

    def _day(self, client_id: str, host: str, day: str) -> HostDay:
        return self._days.get((host, day)) or HostDay(client_id, host, day)

    def _spans(self, host: str, day: str) -> tuple[Span, ...]:
        return self._standing.get((host, day), ())
