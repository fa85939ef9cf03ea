"""When a vendor is tried again."""

from datetime import UTC, datetime

import pytest

from groundswell.outbound.retrying import backoff, may_repeat, retry_after

_NOW = datetime(2026, 11, 30, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("Mon, 30 Nov 2026 12:01:30 GMT", 90.0),
        ("Mon, 30 Nov 2026 12:01:30 -0000", 90.0),
        ("Mon, 30 Nov 2026 11:00:00 GMT", 0.0),
        ("99999999999999999999", 999999999.0),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_a_date(text: str, seconds: float) -> None:
    assert retry_after({"retry-after": text}, _NOW) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5", "1.5", "٣", "Mon, 99 Nov 2026 12:00:00 GMT"])
def test_a_retry_after_that_is_neither_counts_as_none(text: str) -> None:
    assert retry_after({"retry-after": text}, _NOW) is None
    assert retry_after({}, _NOW) is None


@pytest.mark.parametrize(
    ("method", "status", "repeatable", "again"),
    [
        ("GET", 500, False, True),
        ("GET", None, False, True),
        ("POST", 500, False, False),
        ("POST", None, False, False),
        ("POST", 502, True, True),
        ("POST", 429, False, True),
        ("POST", 503, False, True),
        ("GET", 404, True, False),
        ("GET", 200, True, False),
        ("GET", 501, True, False),
    ],
)
def test_only_what_does_no_harm_twice_is_sent_twice(
    method: str, status: int | None, repeatable: bool, again: bool
) -> None:
    assert may_repeat(method, status, repeatable=repeatable) is again


def test_waits_double_up_to_a_bound_and_are_spread() -> None:
    assert [backoff(attempt, lambda: 1.0) for attempt in (1, 2, 3, 9)] == [1.0, 2.0, 4.0, 20.0]
    assert backoff(3, lambda: 0.25) == 1.0
