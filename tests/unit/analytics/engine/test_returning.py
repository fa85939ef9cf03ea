"""Who comes back, and what people do before and after something, against counting by hand."""

import random
from datetime import UTC, datetime
from itertools import groupby

import pytest

from groundswell.analytics.engine.journeys import Journeys
from groundswell.analytics.engine.returning import Returning
from groundswell.analytics.questions.calendar import Buckets, Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.eventlog.window import Window
from tests.fakes.questions import FakeLake, happened

START = round(datetime(2026, 3, 27, tzinfo=UTC).timestamp() * 1000)
WINDOW = Window(START, START + 4 * DAY)
PEOPLE = ("ann", "bob", "cid", "dan", "eve")


def _made():
    """(ts, person, name, plan), each at a moment of its own."""
    chance = random.Random(13)
    for at in sorted(chance.sample(range(-24 * 60, 9 * 24 * 60), 160)):
        yield START + at * MINUTE, chance.choice(PEOPLE), chance.choice("abc"), chance.choice(["team", "solo"])


EVENTS = list(_made())


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    log_events = (
        happened(at, ts, name, who, properties={"plan": plan}) for at, (ts, who, name, plan) in enumerate(EVENTS)
    )
    return FakeLake(tmp_path_factory.mktemp("lake"), list(log_events))


def begun(starts, *, first_time):
    """(person, cohort's number): when they began, and what that said."""
    buckets, first_events = Buckets(starts), {}
    for person in PEOPLE:
        own = [event for event in EVENTS if event[1] == person and event[2] == "a"]
        for candidate in own[:1] if first_time else [event for event in own if event[0] >= WINDOW.start]:
            if candidate[0] in WINDOW:
                first_events.setdefault((person, starts.index(buckets.of(candidate[0]))), candidate)
    return first_events


@pytest.mark.parametrize("first_time", [True, False])
@pytest.mark.parametrize("granularity", [Granularity.DAY, Granularity.HOUR])
def test_those_who_began_come_back_in_the_same_period_and_in_later_ones(lake, granularity, first_time):
    calendar = Calendar(granularity, "Europe/Berlin")
    returning = Returning(WINDOW, calendar, {"name": "a"}, {"name": "b"}, 3, first_time, "properties.plan")
    starts = returning.starts
    wanted = {}
    for (person, number), (ts, _, _, plan) in begun(starts[:-1], first_time=first_time).items():
        back = [event[0] for event in EVENTS if event[1] == person and event[2] == "b" and event[0] > ts]
        for value in (plan, None):
            cohort = wanted.setdefault(value, {}).setdefault(number, [0, 0, 0, 0, 0])
            cohort[0] += 1
            for later in range(4):
                cohort[later + 1] += any(starts[number + later] <= at < starts[number + later + 1] for at in back)

    answer = returning.answer(lake.run(returning.statement), 2 * WINDOW.end)

    def shown(cohorts):
        return {
            number: [cohort["persons"], *cohort["returned"]]
            for number, cohort in enumerate(cohorts)
            if cohort["persons"]
        }

    assert shown(answer["cohorts"]) == wanted.pop(None)
    assert {group["value"]: shown(group["cohorts"]) for group in answer["groups"]} == wanted
    early = returning.answer(lake.run(returning.statement), WINDOW.end)["cohorts"][-1]["returned"]
    assert early[-1] is None, "that period has not begun"
    assert early[0] is not None


@pytest.mark.parametrize("backwards", [False, True])
def test_journeys_are_what_follows_the_first_or_leads_to_the_last(lake, backwards):
    within, wanted = 30 * HOUR, {}
    for person in PEOPLE:
        own = [event for event in EVENTS if event[1] == person and event[0] in WINDOW]
        own = own[::-1] if backwards else own
        anchor = next((at for at, event in enumerate(own) if event[2] == "a"), None)
        if anchor is None:
            continue
        called = [next(same) for _, same in groupby(own[anchor:], key=lambda event: event[2])]
        way = [event[2] for event in called[1:4] if abs(event[0] - own[anchor][0]) <= within]
        way = tuple(way[::-1] if backwards else way)
        wanted[way] = wanted.get(way, 0) + 1

    answer = lake.ask(Journeys(WINDOW, {"name": "a"}, 3, within, backwards))

    assert {tuple(journey["steps"]): journey["persons"] for journey in answer["journeys"]} == wanted
    assert answer["persons"] == sum(wanted.values())
