"""A timer, and what its consumer hears."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.kernel.errors import Invalid
from groundswell.schedules.timers import Timer, fire, firing_body, parse_firing
from tests.clock import START


def timer(**other: object) -> Timer:
    plain: dict = {"tenant": "client", "kind": "task.due_soon", "key": "task", "due": START, "queue": "tasks"}
    return Timer(**{**plain, **other})


def test_a_timer_that_is_sent_on_time_is_not_missed() -> None:
    firing = fire(timer(payload={"step": 2}), START + timedelta(seconds=59))

    assert (firing.late_seconds, firing.missed, firing.payload) == (59, False, {"step": 2})


@pytest.mark.parametrize(
    ("grace", "late", "missed"),
    [
        (timedelta(hours=1), timedelta(hours=1), False),
        (timedelta(hours=1), timedelta(hours=1, milliseconds=1), True),
        (timedelta(0), timedelta(seconds=1), True),
        (timedelta(days=7), timedelta(hours=6), False),
    ],
)
def test_beyond_its_grace_a_timer_is_missed(grace: timedelta, late: timedelta, missed: bool) -> None:
    assert fire(timer(grace=grace), START + late).missed is missed


def test_an_hour_is_the_grace_of_a_timer_that_names_none() -> None:
    assert timer().grace == timedelta(hours=1)


@given(
    st.text(st.characters(blacklist_characters="#", codec="utf-8"), min_size=1, max_size=60),
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9000, 1, 1), timezones=st.timezones()),  # noqa: DTZ001 - hypothesis adds the zone
    st.dictionaries(st.text(max_size=9), st.integers() | st.text(max_size=9) | st.none(), max_size=4),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
)
def test_a_message_says_what_was_fired(key: str, due: datetime, payload: dict, late: timedelta) -> None:
    due = due.replace(microsecond=due.microsecond // 1000 * 1000)
    firing = fire(timer(key=key, due=due, payload=payload), due.astimezone(UTC) + late)

    assert parse_firing(firing_body(firing)) == firing


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", '{"due": 5}', '{"due": "2026-11-22T09:00:00Z", "who": 1}'])
def test_anything_else_is_no_message_of_a_timer(body: str) -> None:
    with pytest.raises(Invalid):
        parse_firing(body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"due": START.replace(tzinfo=None)},
        {"key": ""},
        {"key": "a#b"},
        {"kind": "x" * 257},
        {"tenant": "é" * 129},
        {"payload": {"text": "x" * 4096}},
    ],
)
def test_what_cannot_be_kept_is_no_timer(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"zone|bytes"):
        timer(**wrong)


def test_a_run_is_the_timers_own() -> None:
    names = {
        fire(timer(**other), START).name for other in ({}, {"tenant": "b"}, {"kind": "b"}, {"key": "b"}, {"queue": "b"})
    }

    assert len(names) == 4  # the queue is no part of it


def test_a_due_time_in_another_zone_is_the_same_moment() -> None:
    there = START.astimezone(ZoneInfo("Pacific/Auckland"))

    assert firing_body(fire(timer(due=there), START)) == firing_body(fire(timer(), START))
