"""When an event happened, by three clocks."""

import pytest

from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.ingest.settle import correct_clock_skew

RECEIVED = 1_772_366_400_000


@pytest.mark.parametrize(
    ("client_ts", "sent_at", "expected"),
    [
        (None, None, (RECEIVED, "received")),
        (None, RECEIVED, (RECEIVED, "received")),
        (RECEIVED - HOUR, None, (RECEIVED - HOUR, "client")),
        (RECEIVED - HOUR, RECEIVED - 59_000, (RECEIVED - HOUR, "client")),
        (RECEIVED - HOUR, RECEIVED - HOUR + 500, (RECEIVED - 500, "corrected")),
        (RECEIVED + 2 * DAY, RECEIVED + 2 * DAY + 500, (RECEIVED - 500, "corrected")),
        (RECEIVED - HOUR, RECEIVED - 2 * HOUR, (RECEIVED - HOUR, "client")),
        (RECEIVED + 22 * HOUR, None, (RECEIVED + 22 * HOUR, "client")),
        (RECEIVED + 24 * HOUR, None, (RECEIVED, "clamped")),
        (RECEIVED - 9000 * DAY, RECEIVED, (RECEIVED - 9000 * DAY, "client")),
        (0, RECEIVED - MINUTE * 2, (2 * MINUTE, "corrected")),
        (0, 253_402_300_799_999, (RECEIVED, "clamped")),
    ],
)
def test_only_a_clock_that_is_off_by_more_than_a_minute_is_corrected(client_ts, sent_at, expected):
    assert correct_clock_skew(RECEIVED, client_ts, sent_at) == expected
