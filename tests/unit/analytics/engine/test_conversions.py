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
STEPS = [{"name": name} for name in "abc"]


def made(seed):
    """(ts, person, name, group, plan): of a person, each at a moment of its own."""
    chance = random.Random(seed)
    for person in ("ann", "bob", "cid", "dan", "eve", "fay"):
        for at in sorted(chance.sample(range(220), 26)):
            group, plan = chance.choice(["g1", "g2", None]), chance.choice([1, "1"])
            yield START + at * MINUTE, person, chance.choice("abcx"), group, plan


def lake_of(folder, events):
    log_events = (
        happened(at, ts, name, person, properties={"plan": plan}, extra={"group": group})
        for at, (ts, person, name, group, plan) in enumerate(events)
    )
    return FakeLake(folder, list(log_events))


def ways(own, order, excluded):
    """Of one actor's events, everything that is a way to a step: (times of the steps)."""
    for length in (1, 2, 3):
        places = [[at for at, event in enumerate(own) if event[2] == name] for name in "abc"[:length]]
        for way in product(*places):
            times = [own[at][0] for at in way]
            between = [event for event in own if times[0] < event[0] < times[-1] and event[2] == "x"]
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
    spans = {}
    for times in ways(own, order, excluded):
        at, best = len(times) - 1, spans.get(len(times) - 1)
        if best is None or (times[-1], -times[0]) < (best[1], -best[0]):
            spans[at] = (times[0], times[-1])
    return spans


def unordered(own):
    levels = {}
    for start in (event[0] for event in own if event[2] in "abc"):
        inside = [event for event in own if start <= event[0] <= start + WITHIN]
        times_by_name = {name: [event[0] for event in inside if event[2] == name] for name in "abc"}
        firsts = sorted(min(times) for times in times_by_name.values() if times)
        for at, ts in enumerate(firsts):
            levels.setdefault(at, []).append((start, ts))
    return {at: (0, min(ts - start for start, ts in spans)) for at, spans in levels.items()}


KINDS = (("ordered", False), ("ordered", True), ("strict", False), ("unordered", False))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("order", "excluded"), KINDS)
def test_steps_times_and_lists_are_those_of_all_ways_tried(tmp_path, seed, order, excluded):
    events = list(made(seed))
    by_person = {}
    for event in events:
        by_person.setdefault(event[1], []).append(event)
    wanted = {person: reached(own, order, excluded) for person, own in by_person.items()}
    lake = lake_of(tmp_path, events)
    options = {"order": order, "exclude": [{"name": "x"}] if excluded else []}

    answer = lake.ask(Conversions(WINDOW, STEPS, WITHIN, **options))

    counts = [sum(at in steps for steps in wanted.values()) for at in range(3)]
    assert [step["count"] for step in answer["steps"]] == counts
    for at in (1, 2):
        took = [steps[at][1] - steps[at][0] for steps in wanted.values() if at in steps]
        assert answer["steps"][at]["median_ms"] == (median(took) if took else None)
        assert answer["steps"][at]["mean_ms"] == (pytest.approx(fmean(took)) if took else None)
    assert sum(bucket["count"] for bucket in answer["histogram"]) == counts[2]
    for step, converted in ((1, False), (2, True)):
        listed = {"step": step, "converted": converted, "limit": 4, "after": None}
        names = []
        while True:
            page = lake.ask(Conversions(WINDOW, STEPS, WITHIN, **options, listed=listed))
            names += [person["id"] for person in page["listed"]]
            if page["after"] is None:
                break
            listed = {**listed, "after": page["after"]}
        assert names == sorted(p for p, steps in wanted.items() if (step in steps) is converted and step - 1 in steps)


def test_whoever_converts_may_be_a_group_and_is_counted_by_what_its_start_says(tmp_path):
    events = list(made(7))
    by_group = {}
    for event in events:
        if event[3] is not None:
            by_group.setdefault(event[3], []).append(event)
    lake = lake_of(tmp_path, events)

    answer = lake.ask(Conversions(WINDOW, STEPS, WITHIN, per="extra.group", by="properties.plan"))

    assert answer["steps"][0]["count"] == len(by_group)
    assert sum(group["steps"][0]["count"] for group in answer["groups"]) == len(by_group)
    assert all(group["value"] in (1, "1") for group in answer["groups"])
    listed = {"step": 0, "converted": True, "limit": 10, "after": None}
    names = lake.ask(Conversions(WINDOW, STEPS, WITHIN, per="extra.group", listed=listed))["listed"]
    assert [name["id"] for name in names] == ["g1", "g2"]
