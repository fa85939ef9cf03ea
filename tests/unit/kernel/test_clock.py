"""The one clock, and how exact a time is that is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from groundswell.http.timestamps import RecordedAt, Timestamp
from groundswell.kernel.clock import rfc3339, set_offset, utc_now, whole_millis


def test_a_shift_replaces_the_one_before_and_zero_ends_it() -> None:
    set_offset(timedelta(days=3))
    set_offset(timedelta(hours=1))

    assert utc_now() - datetime.now(UTC) > timedelta(minutes=59)
    assert utc_now() - datetime.now(UTC) < timedelta(days=1)

    set_offset(timedelta(0))
    before, now, after = datetime.now(UTC), utc_now(), datetime.now(UTC)
    assert whole_millis(before) <= now <= after
    assert now.tzinfo is UTC


def test_now_is_what_an_answer_and_a_timer_say_of_it() -> None:
    set_offset(timedelta(microseconds=123))
    moments = [utc_now() for _ in range(1000)]
    set_offset(timedelta(0))
    assert all(datetime.fromisoformat(rfc3339(moment)) == moment for moment in moments)


@pytest.mark.parametrize("kind", [Timestamp, RecordedAt])
def test_a_time_with_microseconds_is_taken_without_them(kind: object) -> None:
    parsed = TypeAdapter(kind).validate_python("2026-12-01T10:00:00.123956+01:00")
    assert parsed == datetime(2026, 12, 1, 9, 0, 0, 123_000, UTC)
