"""Free slots of a month for ten hosts: CPU from the rows that DynamoDB answers with to what is offered."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

from groundswell.bookings.agenda import Agenda, HostDay, Span, span_of
from groundswell.bookings.availability import slots_of
from groundswell.bookings.items import host_day, host_day_item
from groundswell.bookings.model import OFFICE_HOURS, Availability, BookingType
from tests.benchmarks.report import Figure, Say, at_most, table

DAYS, HOSTS, BOOKED = 30, 10, 6
NOW = datetime(2026, 12, 1, tzinfo=UTC)
KIND = BookingType(
    "type",
    "client",
    "ada",
    NOW,
    NOW,
    "Call",
    tuple(f"host-{number}" for number in range(HOSTS)),
    Availability("Europe/Berlin", OFFICE_HOURS),
)


def measure(say: Say, repeats: int) -> tuple[list[Figure], str]:
    rows = [{**host_day_item(day).serialize(), "version": {"N": "1"}} for day in _days()]
    say(f"{len(rows)} days of hosts, {BOOKED} bookings each")
    times = [_milliseconds(rows) for _ in range(repeats)]
    figure = at_most("CPU of slots, 30 days and 10 hosts (ms)", median(times), 50, spell="{:.1f}")
    return [figure], table(
        "Slots", ("", "ms of CPU"), [("median", f"{median(times):.1f}"), ("best", f"{min(times):.1f}")]
    )


def _milliseconds(rows: Sequence[dict[str, object]]) -> float:
    started = process_time()
    known = [host_day(row) for row in rows]
    agenda = Agenda(known, NOW)
    offered = slots_of(KIND, NOW, NOW + timedelta(days=DAYS), NOW)
    free = [slot for slot in offered if agenda.hosts_for(KIND, span_of(KIND, slot, ""))]
    assert free
    return (process_time() - started) * 1000


def _days() -> list[HostDay]:
    return [
        HostDay(KIND.client_id, host, f"{NOW + timedelta(days=day):%Y-%m-%d}", tuple(_spans(host, day)))
        for host in KIND.hosts
        for day in range(DAYS)
    ]


def _spans(host: str, day: int) -> list[Span]:
    starts = [NOW + timedelta(days=day, hours=8 + hour) for hour in range(BOOKED)]
    ends = [start + timedelta(minutes=30) for start in starts]
    return [
        Span(f"{host}-{day}-{number}", KIND.id, f"{start:%Y-%m-%d}", start, end, start, end)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
