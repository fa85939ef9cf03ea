"""Funnels of every kind, against trying all ways by hand."""

import random
from itertools import pairwise, product
from statistics import fmean, median

import pytest

from groundswell.analytics.engine.conversions import Conversions
from groundswell.events.eventlog.model import MINUTE
from groundswell.events.eventlog.window import Window
from tests.fakes.questions import FakeLake, happened

START = 1_774_569_600_000
WINDOW = Window(START, START + 1_000 * MINUTE)
WITHIN = 30 * MINUTE
STEPS = [{"name": each} for each in "abc"]


def made(seed):
    """(ts, person, name, group, plan): of a person, each at a moment of its own."""
    chance = random.Random(seed)
    for person in ("ann", "bob", "cid", "dan", "eve", "fay"):
        for at in sorted(chance.sample(range(220), 26)):
            group, plan = chance.choice(["g1", "g2", None]), chance.choice([1, "1"])
            yield START + at * MINUTE, person, chance.choice("abcx"), group, plan


def lake_of(folder, events):
    said = (
        happened(at, ts, name, person, properties={"plan": plan}, extra={"group": group})
        for at, (ts, person, name, group, plan) in enumerate(events)
    )
    return FakeLake(folder, list(said))


def ways(own, order, excluded):
    """Of one actor's events, everything that is a way to a step: (times of the steps)."""
    for length in (1, 2, 3):
        places = [[at for at, each in enumerate(own) if each[2] == name] for name in "abc"[:length]]
        for way in product(*places):
            times = [own[at][0] for at in way]
            between = [each for each in own if times[0] < each[0] < times[-1] and each[2] == "x"]
            if any(x >= y for x, y in pairwise(times)) or times[-1] - times[0] > WITHIN:
                continue
            broken = order == "strict" and any(y != x + 1 for x, y in pairwise(way))
            if broken or (excluded and between):
                continue
            yield times


def reached(own, order, excluded):
    """By step, when it was first reached and how long that took from the latest start that leads there."""
    if order == "unordered":
        return unordered(own)
    found = {}
    for times in ways(own, order, excluded):
        at, best = len(times) - 1, found.get(len(times) - 1)
        if best is None or (times[-1], -times[0]) < (best[1], -best[0]):
            found[at] = (times[0], times[-1])
    return found


def unordered(own):
    levels = {}
    for start in (each[0] for each in own if each[2] in "abc"):
        inside = [each for each in own if start <= each[0] <= start + WITHIN]
        taken = {name: [each[0] for each in inside if each[2] == name] for name in "abc"}
        firsts = sorted(min(times) for times in taken.values() if times)
        for at, ts in enumerate(firsts):
            levels.setdefault(at, []).append((start, ts))
    return {at: (0, min(ts - start for start, ts in found)) for at, found in levels.items()}


KINDS = (("ordered", False), ("ordered", True), ("strict", False), ("unordered", False))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("order", "excluded"), KINDS)
def test_steps_times_and_lists_are_those_of_all_ways_tried(tmp_path, seed, order, excluded):
    events = list(made(seed))
    by_person = {}
    for each in events:
        by_person.setdefault(each[1], []).append(each)
    wanted = {person: reached(own, order, excluded) for person, own in by_person.items()}
    lake = lake_of(tmp_path, events)
    asked = {"order": order, "exclude": [{"name": "x"}] if excluded else []}

    found = lake.ask(Conversions(WINDOW, STEPS, WITHIN, **asked))

    counts = [sum(at in each for each in wanted.values()) for at in range(3)]
    assert [each["count"] for each in found["steps"]] == counts
    for at in (1, 2):
        took = [each[at][1] - each[at][0] for each in wanted.values() if at in each]
        assert found["steps"][at]["median_ms"] == (median(took) if took else None)
        assert found["steps"][at]["mean_ms"] == (pytest.approx(fmean(took)) if took else None)
    assert sum(each["count"] for each in found["histogram"]) == counts[2]
    for step, converted in ((1, False), (2, True)):
        listed = {"step": step, "converted": converted, "limit": 4, "after": None}
        names = []
        while True:
            page = lake.ask(Conversions(WINDOW, STEPS, WITHIN, **asked, listed=listed))
            names += [each["id"] for each in page["listed"]]
            if page["after"] is None:
                break
            listed = {**listed, "after": page["after"]}
        assert names == sorted(p for p, each in wanted.items() if (step in each) is converted and step - 1 in each)


def test_whoever_converts_may_be_a_group_and_is_counted_by_what_its_start_says(tmp_path):
    events = list(made(7))
    by_group = {}
    for each in events:
        if each[3] is not None:
            by_group.setdefault(each[3], []).append(each)
    lake = lake_of(tmp_path, events)

    found = lake.ask(Conversions(WINDOW, STEPS, WITHIN, per="extra.group", by="properties.plan"))

    assert found["steps"][0]["count"] == len(by_group)
    assert sum(each["steps"][0]["count"] for each in found["groups"]) == len(by_group)
    assert all(each["value"] in (1, "1") for each in found["groups"])
    listed = {"step": 0, "converted": True, "limit": 10, "after": None}
    names = lake.ask(Conversions(WINDOW, STEPS, WITHIN, per="extra.group", listed=listed))["listed"]
    assert [each["id"] for each in names] == ["g1", "g2"]
