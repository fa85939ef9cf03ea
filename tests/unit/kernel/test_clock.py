from datetime import UTC, datetime, timedelta

from groundswell.kernel.clock import set_offset, utc_now


def test_a_shift_replaces_the_one_before_and_zero_ends_it() -> None:
    set_offset(timedelta(days=3))
    set_offset(timedelta(hours=1))

    assert utc_now() - datetime.now(UTC) > timedelta(minutes=59)
    assert utc_now() - datetime.now(UTC) < timedelta(days=1)

    set_offset(timedelta(0))
    before, now, after = datetime.now(UTC), utc_now(), datetime.now(UTC)
    assert before <= now <= after
    assert now.tzinfo is UTC
