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
    said = (happened(at, ts, name, who, properties={"plan": plan}) for at, (ts, who, name, plan) in enumerate(EVENTS))
    return FakeLake(tmp_path_factory.mktemp("lake"), list(said))


def begun(starts, *, first_time):
    """(person, cohort's number): when they began, and what that said."""
    buckets, found = Buckets(starts), {}
    for person in PEOPLE:
        own = [each for each in EVENTS if each[1] == person and each[2] == "a"]
        for each in own[:1] if first_time else [each for each in own if each[0] >= WINDOW.start]:
            if each[0] in WINDOW:
                found.setdefault((person, starts.index(buckets.of(each[0]))), each)
    return found


@pytest.mark.parametrize("first_time", [True, False])
@pytest.mark.parametrize("granularity", [Granularity.DAY, Granularity.HOUR])
def test_those_who_began_come_back_in_the_same_period_and_in_later_ones(lake, granularity, first_time):
    calendar = Calendar(granularity, "Europe/Berlin")
    asked = Returning(WINDOW, calendar, {"name": "a"}, {"name": "b"}, 3, first_time, "properties.plan")
    starts = asked.starts
    wanted = {}
    for (person, number), (ts, _, _, plan) in begun(starts[:-1], first_time=first_time).items():
        back = [each[0] for each in EVENTS if each[1] == person and each[2] == "b" and each[0] > ts]
        for value in (plan, None):
            cohort = wanted.setdefault(value, {}).setdefault(number, [0, 0, 0, 0, 0])
            cohort[0] += 1
            for later in range(4):
                cohort[later + 1] += any(starts[number + later] <= at < starts[number + later + 1] for at in back)

    found = asked.answer(lake.run(asked.statement), 2 * WINDOW.end)

    def shown(cohorts):
        return {number: [each["persons"], *each["returned"]] for number, each in enumerate(cohorts) if each["persons"]}

    assert shown(found["cohorts"]) == wanted.pop(None)
    assert {each["value"]: shown(each["cohorts"]) for each in found["groups"]} == wanted
    early = asked.answer(lake.run(asked.statement), WINDOW.end)["cohorts"][-1]["returned"]
    assert early[-1] is None, "that period has not begun"
    assert early[0] is not None


@pytest.mark.parametrize("backwards", [False, True])
def test_journeys_are_what_follows_the_first_or_leads_to_the_last(lake, backwards):
    within, wanted = 30 * HOUR, {}
    for person in PEOPLE:
        own = [each for each in EVENTS if each[1] == person and each[0] in WINDOW]
        own = own[::-1] if backwards else own
        anchor = next((at for at, each in enumerate(own) if each[2] == "a"), None)
        if anchor is None:
            continue
        called = [next(same) for _, same in groupby(own[anchor:], key=lambda each: each[2])]
        way = [each[2] for each in called[1:4] if abs(each[0] - own[anchor][0]) <= within]
        way = tuple(way[::-1] if backwards else way)
        wanted[way] = wanted.get(way, 0) + 1

    found = lake.ask(Journeys(WINDOW, {"name": "a"}, 3, within, backwards))

    assert {tuple(each["steps"]): each["persons"] for each in found["journeys"]} == wanted
    assert found["persons"] == sum(wanted.values())
