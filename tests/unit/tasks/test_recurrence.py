"""Recurring tasks, as a calendar has them."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.tasks.model import Task
from groundswell.tasks.recurrence import following, parse_rule, recurring, turn_of

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def series(rule: str, due: str | None, zone: str = "Europe/Berlin"):
    """Its tasks, one after the other."""
    task = Task("t", "c", "n", "u", NOW, NOW).due(due, zone)
    task = recurring(task, rule, zone, NOW)
    while task is not None:
        yield task
        task = following(task)


def dues(rule: str, due: str | None, number: int = 10, zone: str = "Europe/Berlin") -> list[str]:
    return [task.due_date for task in islice(series(rule, due, zone), number)]


def test_nine_oclock_on_weekdays_stays_nine_oclock_when_the_clocks_change():
    local = [
        task.due_at.astimezone(ZoneInfo("Europe/Berlin"))
        for task in islice(series(WEEKDAYS, "2026-10-22T09:00:00+02:00"), 5)
    ]

    assert [occurrence.strftime("%a %d %H:%M") for occurrence in local] == [
        "Thu 22 09:00",
        "Fri 23 09:00",
        "Mon 26 09:00",
        "Tue 27 09:00",
        "Wed 28 09:00",
    ]
    assert {occurrence.utcoffset() for occurrence in local} == {timedelta(hours=2), timedelta(hours=1)}


def test_two_months_of_weekdays_are_those_of_the_calendar():
    all_days = [date(2026, 10, 1) + timedelta(days=number) for number in range(61)]
    days = [day.isoformat() for day in all_days if day.weekday() < 5]

    assert dues(WEEKDAYS, "2026-10-01", len(days)) == days


def test_a_due_date_that_does_not_fit_moves_on_to_the_first_that_does():
    assert dues(WEEKDAYS, "2026-10-03", 2) == ["2026-10-05", "2026-10-06"]
    assert dues("FREQ=DAILY", None, 2) == ["2026-10-01", "2026-10-02"]


def test_a_time_that_a_day_skips_is_that_much_later_and_the_first_of_two_is_meant():
    assert dues("FREQ=DAILY", "2027-03-27T02:30:00+01:00", 3) == [
        "2027-03-27T01:30:00.000Z",
        "2027-03-28T01:30:00.000Z",
        "2027-03-29T00:30:00.000Z",
    ]
    assert dues("FREQ=DAILY", "2026-10-24T02:30:00+02:00", 3) == [
        "2026-10-24T00:30:00.000Z",
        "2026-10-25T00:30:00.000Z",
        "2026-10-26T01:30:00.000Z",
    ]


def test_a_rule_has_the_zone_that_it_names():
    rule = "DTSTART;TZID=America/New_York:20261030T090000\nRRULE:FREQ=DAILY"

    assert dues(rule, None, 4) == [
        "2026-10-30T13:00:00.000Z",
        "2026-10-31T13:00:00.000Z",
        "2026-11-01T14:00:00.000Z",
        "2026-11-02T14:00:00.000Z",
    ]


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("FREQ=DAILY;COUNT=3", ["2026-10-01", "2026-10-02", "2026-10-03"]),
        ("FREQ=DAILY;UNTIL=20261002", ["2026-10-01", "2026-10-02"]),
        ("RRULE:FREQ=DAILY;UNTIL=20261002T220000Z", ["2026-10-01", "2026-10-02", "2026-10-03"]),
        ("freq=monthly;bymonthday=-1;count=3", ["2026-10-31", "2026-11-30", "2026-12-31"]),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=2", ["2026-10-05", "2026-11-02"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["2026-10-01", "2026-10-15"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2", ["2028-02-29", "2032-02-29"]),
    ],
)
def test_rules_end_where_they_say(rule, wanted):
    assert dues(rule, "2026-10-01") == wanted


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;COUNT=5;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;UNTIL=20200101",
        "FREQ=YEARLY;INTERVAL=1000;BYMONTH=1",
    ],
)
def test_what_never_happens_is_refused(rule):
    with pytest.raises(Invalid) as refused:
        list(islice(series(rule, "2026-10-01"), 1))

    assert (refused.value.problems[0].field, refused.value.problems[0].code) == ("recurrence", "never")


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "daily",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=99999",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=20270230",
        "FREQ=DAILY;BYHOUR=1",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=x",
        "FREQ=DAILY\nFREQ=WEEKLY",
        "DTSTART;TZID=Mars/Olympus:20261030T090000\nFREQ=DAILY",
        "DTSTART:20261330T090000\nFREQ=DAILY",
        "FREQ=DAILY;X-PART=1",
        "FREQ=DAILY;BYMONTH=" + ",".join(["1"] * 300),
    ],
)
def test_what_is_no_rule_is_refused(rule):
    with pytest.raises(Invalid) as refused:
        parse_rule(rule, "UTC")

    assert refused.value.problems[0].field == "recurrence"


def test_a_due_date_that_is_moved_moves_this_one_only():
    first = next(series(WEEKDAYS, "2026-10-01"))

    moved = first.due("2026-10-02", "Europe/Berlin")

    assert following(moved).due_date == "2026-10-02"
    assert turn_of(moved) == turn_of(first) == datetime(2026, 10, 1, 21, 59, 59, tzinfo=UTC)
