"""Local buckets against the clocks on the wall, through every change of them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.analytics.questions.calendar import Buckets, Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Africa/Monrovia",
    "Pacific/Apia",
    "Asia/Beirut",
)


def ms(text, tz="UTC"):
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).timestamp() * 1000)


def local(ts, tz):
    return datetime.fromtimestamp(ts / 1000, ZoneInfo(tz))


@given(st.sampled_from(ZONES), st.sampled_from(list(Granularity)), st.integers(0, ms("2040-01-01T00:00:00")))
def test_every_time_lies_in_the_bucket_that_begins_before_it_and_ends_after_it(tz, granularity, ts):
    calendar = Calendar(granularity, tz)

    start = calendar.floor(ts)
    end = calendar.after(start)

    assert start <= ts < end
    assert calendar.floor(start) == start
    assert calendar.floor(end - 1) == start
    assert calendar.floor(end) == end


@given(st.sampled_from(ZONES), st.integers(0, ms("2040-01-01T00:00:00")))
def test_a_day_shows_one_date_a_month_one_month(tz, ts):
    day, month = Calendar(Granularity.DAY, tz), Calendar(Granularity.MONTH, tz)

    start = day.floor(ts)
    assert local(start, tz).date() == local(ts, tz).date() or tz == "America/Havana"
    assert local(start - 1, tz).date() < local(start, tz).date()
    assert local(month.floor(ts), tz).strftime("%Y-%m") == local(ts, tz).strftime("%Y-%m")


def test_days_are_23_and_25_hours_long_where_the_clocks_change():
    days = Calendar(Granularity.DAY, "Europe/Berlin")

    spring, autumn = ms("2026-03-29", "Europe/Berlin"), ms("2026-10-25", "Europe/Berlin")
    assert days.after(spring) - spring == 23 * HOUR
    assert days.after(autumn) - autumn == 25 * HOUR


def test_a_midnight_that_the_clocks_skip_is_when_they_skip_it():
    day = Calendar(Granularity.DAY, "America/Sao_Paulo").floor(ms("2018-11-04T12:00:00", "America/Sao_Paulo"))

    assert local(day, "America/Sao_Paulo").isoformat() == "2018-11-04T01:00:00-02:00"


def test_a_day_that_a_zone_skipped_is_no_bucket():
    window = Window(ms("2011-12-29", "Pacific/Apia"), ms("2012-01-01", "Pacific/Apia"))

    starts = Calendar(Granularity.DAY, "Pacific/Apia").starts(window)

    assert [local(start, "Pacific/Apia").day for start in starts] == [29, 31]


def test_weeks_begin_on_monday():
    start = Calendar(Granularity.WEEK, "Asia/Kolkata").floor(ms("2026-03-01T12:00:00"))

    assert local(start, "Asia/Kolkata").isoformat() == "2026-02-23T00:00:00+05:30"


def test_open_ranges_end_with_the_current_bucket():
    now = ms("2026-03-18T12:00:00")

    months = Calendar(Granularity.MONTH, "Europe/Berlin").recent(now)
    weeks = Calendar(Granularity.WEEK).recent(now)
    days = Calendar(Granularity.DAY, "Asia/Kolkata").recent(now)

    assert months == Window(ms("2025-04-01", "Europe/Berlin"), ms("2026-04-01", "Europe/Berlin"))
    assert weeks == Window(ms("2025-12-29"), ms("2026-03-23"))
    assert days == Window(ms("2026-02-17", "Asia/Kolkata"), ms("2026-03-19", "Asia/Kolkata"))


@given(st.sampled_from(ZONES), st.sampled_from(list(Granularity)), st.integers(0, 10**12), st.integers(1, 200 * DAY))
def test_a_window_is_covered_by_its_buckets(tz, granularity, start, length):
    length = min(length, 5 * DAY) if granularity is Granularity.MINUTE else length
    window = Window(start, start + length)
    starts = Calendar(granularity, tz).starts(window)

    assert starts == sorted(set(starts))
    assert starts[0] <= window.start
    assert starts[-1] < window.end
    assert Buckets(starts).of(window.end - 1) == starts[-1]


@pytest.mark.parametrize("tz", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "Europe", "a\0b", "é" * 300])
def test_what_is_no_time_zone_is_named(tz):
    with pytest.raises(Invalid) as refused:
        Calendar(Granularity.DAY, tz)

    assert refused.value.problems[0].field == "timezone"


def test_too_many_buckets_are_refused():
    with pytest.raises(Invalid) as refused:
        Calendar(Granularity.MINUTE, "Asia/Kolkata").starts(Window(0, 11_002 * MINUTE))

    assert refused.value.problems[0].field == "granularity"


def test_times_are_spelled_in_the_zone():
    assert Calendar(Granularity.DAY).spelled(0) == "1970-01-01T00:00:00.000Z"
    assert Calendar(Granularity.DAY, "Asia/Kolkata").spelled(0) == "1970-01-01T05:30:00.000+05:30"


def test_quarters_begin_with_their_first_month_and_weeks_on_the_day_that_is_chosen():
    quarters = Calendar(Granularity.QUARTER, "Europe/Berlin")
    sundays = Calendar(Granularity.WEEK, "America/New_York", week_start=6)
    window = Window(ms("2025-12-31T12:00:00+00:00"), ms("2026-07-01T00:00:00+00:00"))

    assert [quarters.spelled(start)[:10] for start in quarters.starts(window)] == [
        *("2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01"),
    ]
    weeks = sundays.starts(Window(ms("2026-03-07T00:00:00+00:00"), ms("2026-03-16T00:00:00+00:00")))
    assert [sundays.spelled(start) for start in weeks] == [
        *("2026-03-01T00:00:00.000-05:00", "2026-03-08T00:00:00.000-05:00", "2026-03-15T00:00:00.000-04:00"),
    ]
