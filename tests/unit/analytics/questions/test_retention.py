"""Cohorts against counting by hand."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.model import Granularity
from groundswell.analytics.questions.retention import Retention, retain
from groundswell.events.eventlog.model import DAY, HOUR
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid
from tests.fakes.rows import row

START = round(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)
EVENTS = st.lists(
    st.tuples(st.integers(-40 * 24, 100 * 24), st.sampled_from("pqr"), st.sampled_from("ab")), max_size=40
)
NEVER = 10**14


def period_of(ts, granularity, tz):
    day = datetime.fromtimestamp(ts / 1000, ZoneInfo(tz)).date()
    match granularity:
        case Granularity.DAY:
            return day.toordinal()
        case Granularity.WEEK:
            return (day - timedelta(days=day.weekday())).toordinal() // 7
        case _:
            return day.year * 12 + day.month


@settings(max_examples=200, deadline=None)
@given(
    EVENTS,
    st.sampled_from([Granularity.DAY, Granularity.WEEK, Granularity.MONTH]),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"]),
    st.booleans(),
)
def test_retention_equals_counting_by_hand(events, granularity, tz, first_time):
    events = sorted((START + hours * HOUR, person, name) for hours, person, name in events)
    wanted = Retention(
        Window(START, START + 50 * DAY), granularity, 3, Match("a"), Match("b"), first_time=first_time, tz=tz
    )
    rows = [row(*event) for event in events if event[0] in wanted.read]

    retention = retain(rows, wanted, NEVER)

    cohorts = defaultdict(set)
    for person in "pqr":
        starts = [ts for ts, who, name in events if who == person and name == "a"]
        for ts in starts[:1] if first_time else starts:
            if ts in wanted.window:
                cohorts[period_of(ts, granularity, tz)].add(person)
    came = {(person, period_of(ts, granularity, tz)) for ts, person, name in events if name == "b"}
    assert [cohort.size for cohort in retention if cohort.size] == [len(cohorts[cohort]) for cohort in sorted(cohorts)]
    for cohort in retention:
        number = period_of(max(cohort.start, START), granularity, tz)
        expected = [sum((person, number + later) in came for person in cohorts[number]) for later in (1, 2, 3)]
        assert list(cohort.returned) == expected
        assert cohort.complete == 3


def test_periods_that_are_not_over_yet_are_told_from_those_that_are():
    wanted = Retention(Window(START, START + 3 * DAY), Granularity.DAY, 2)

    retention = retain([], wanted, START + 3 * DAY)

    assert [cohort.complete for cohort in retention] == [2, 1, 0]


def test_a_retention_is_bounded():
    month = Window(START, START + 30 * DAY)
    bad = [
        ((month, Granularity.HOUR, 3), "period"),
        ((month, Granularity.DAY, 0), "periods"),
        ((month, Granularity.DAY, 61), "periods"),
        ((Window(START, START + 401 * DAY), Granularity.DAY, 3), "period"),
        ((Window(START, START), Granularity.DAY, 3), "to"),
    ]
    for arguments, field in bad:
        with pytest.raises(Invalid) as refused:
            Retention(*arguments)
        assert refused.value.problems[0].field == field
