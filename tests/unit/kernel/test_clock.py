from datetime import UTC, datetime, timedelta

from groundswell.kernel.clock import set_offset, utc_now


def test_a_shift_replaces_the_one_before_and_zero_ends_it(advance) -> None:
    set_offset(timedelta(days=3))
    set_offset(timedelta(hours=1))

    assert timedelta(minutes=59) < utc_now() - datetime.now(UTC) < timedelta(minutes=61)

    set_offset(timedelta(0))
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert utc_now().tzinfo is UTC
