"""A host's day as it lies in the table."""

import json
from datetime import UTC, datetime, timedelta

from groundswell.bookings.agenda import HostDay, Span
from groundswell.bookings.items import host_day, host_day_item

NINE = datetime(2026, 12, 7, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
HELD = Span("hold", "type", "2026-12-07", NINE, TEN, NINE - timedelta(minutes=5), TEN, NINE - timedelta(days=1))
BOOKED = Span("booking", "type", "2026-12-07", TEN, TEN + timedelta(hours=1), TEN, TEN + timedelta(hours=1))
DAY = HostDay("client", "host", "2026-12-07", (HELD, BOOKED), 3)


def test_a_day_comes_back_as_it_was() -> None:
    assert host_day(host_day_item(DAY).serialize()) == DAY


def test_spans_that_were_written_as_objects_are_read_like_packed_ones() -> None:
    """Data folders from before times were packed."""
    times = ("starts_at", "ends_at", "busy_from", "busy_to", "expires_at")
    spans = [
        {"id": span.id, "type_id": span.type_id, "day": span.day}
        | {name: getattr(span, name).isoformat() for name in times if getattr(span, name)}
        for span in DAY.spans
    ]
    assert host_day({**host_day_item(DAY).serialize(), "spans": {"S": json.dumps(spans)}}) == DAY
