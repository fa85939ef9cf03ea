"""The ends of a range, as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.kernel.ranges import instant, span

NOW = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)  # half past eleven in Berlin, next day in Auckland
BERLIN, AUCKLAND, SAO_PAULO = (ZoneInfo(name) for name in ("Europe/Berlin", "Pacific/Auckland", "America/Sao_Paulo"))


def at(text: str, zone=UTC) -> str:
    return instant(text, zone, NOW).isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-11-01T09:30:00Z", BERLIN, "2026-11-01T09:30:00Z"),
        ("2026-11-01t09:30:00.25z", BERLIN, "2026-11-01T09:30:00.250000Z"),
        ("2026-11-01T09:30:00+05:30", BERLIN, "2026-11-01T04:00:00Z"),
        ("2026-11-01", UTC, "2026-11-01T00:00:00Z"),
        ("2026-11-01", BERLIN, "2026-10-31T23:00:00Z"),
        ("2018-11-04", SAO_PAULO, "2018-11-04T03:00:00Z"),  # its midnight was skipped
        ("2026-11", BERLIN, "2026-10-31T23:00:00Z"),
        ("2026-07", BERLIN, "2026-06-30T22:00:00Z"),
        ("today", UTC, "2026-11-30T00:00:00Z"),
        ("today", BERLIN, "2026-11-29T23:00:00Z"),
        ("today", AUCKLAND, "2026-11-30T11:00:00Z"),
        ("-0d", BERLIN, "2026-11-29T23:00:00Z"),
        ("-7d", UTC, "2026-11-23T00:00:00Z"),
        ("-7d", BERLIN, "2026-11-22T23:00:00Z"),
        ("-60d", BERLIN, "2026-09-30T22:00:00Z"),  # summer time, then
        ("-1w", UTC, "2026-11-23T00:00:00Z"),
        ("-6h", BERLIN, "2026-11-30T16:30:00Z"),
        ("-15m", BERLIN, "2026-11-30T22:15:00Z"),
        ("1793491200", BERLIN, "2026-11-01T00:00:00Z"),
        ("1793491200.5", BERLIN, "2026-11-01T00:00:00.500000Z"),
        ("1793491200000", BERLIN, "2026-11-01T00:00:00Z"),
        ("0", BERLIN, "1970-01-01T00:00:00Z"),
        ("2100-01-01T00:00:00Z", BERLIN, "2100-01-01T00:00:00Z"),
    ],
)
def test_an_end_is_a_moment_in_the_zone_of_the_question(text: str, zone, moment: str) -> None:
    assert at(text, zone) == at(f" {text} ", zone) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026",
        "202611",
        "20261101",
        "2026-13",
        "2026-02-30",
        "2026-11-01T24:61:00Z",
        "2026-11-01T09:30:00+25:00",
        "2026-W45-1",
        "2026-11-01T09:30",
        "2026-11-01 09:30:00.5",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31",
        "0001-01",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00",
        "2100-01-01T00:00:01Z",
        "2100-01-01T00:00:00-00:01",
        "-1",
        "-7",
        "7d",
        "-7y",
        "-999999d",
        "-999999w",
        "-9999999d",
        "1e9",
        "inf",
        "nan",
        "99999999999999",
        "9" * 400,
        "2026-11-01T09:30:00Z\n2026",
        "२०२६-११-०१",
        "TODAY?",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("zone", [UTC, AUCKLAND], ids=str)
def test_what_is_no_moment_of_this_age_is_refused(text: str, zone) -> None:
    with pytest.raises(ValueError, match=r"write a time|needs an offset|between 1970 and 2099"):
        at(text, zone)


def test_a_range_ends_after_it_begins_and_may_be_open() -> None:
    assert span(None, None, UTC, NOW) == (None, None)
    assert span("-1d", None, UTC, NOW) == (datetime(2026, 11, 29, tzinfo=UTC), None)

    for start, end, name in (
        ("today", "today", "to"),
        ("2026-11", "2026-10", "to"),
        ("soon", None, "from"),
        (None, "-", "to"),
    ):
        with pytest.raises(Invalid) as refused:
            span(start, end, UTC, NOW)
        assert refused.value.problems[0].field == name
