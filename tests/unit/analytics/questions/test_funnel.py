"""Funnels against trying every way."""

from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Match, Operator
from groundswell.analytics.questions.funnel import Funnel, convert
from groundswell.kernel.errors import Invalid
from tests.fakes.rows import row

EVENTS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from("pq"), st.sampled_from("abc"), st.sampled_from("xy")), max_size=25
)
STEPS = st.lists(st.sampled_from("abc"), min_size=2, max_size=4)


def brute(events, steps, window):
    """Per person the best way: farthest, then soonest, then from the latest start."""
    best = {}
    for person in {event[1] for event in events}:
        mine = [(ts, name, plan) for ts, who, name, plan in events if who == person]
        ways = []
        for start, name, plan in mine:
            if name != steps[0]:
                continue
            way = [start]
            for step in steps[1:]:
                later = [ts for ts, name, _ in mine if name == step and ts > way[-1] and ts - start <= window]
                if not later:
                    break
                way.append(min(later))
            ways.append((way, plan))
        if ways:
            best[person] = min(ways, key=lambda way: (-len(way[0]), way[0][-1], -way[0][0]))
    return best


def test_a_funnel_by_what_everybody_says_differently_lists_the_largest_branches():
    rows = [row(at, f"p{at // 2}", "ab"[at % 2], properties={"plan": at // 4}) for at in range(2_000)]

    result = convert(rows, Funnel((Match("a"), Match("b")), 10, Field("properties.plan")))

    assert (len(result.branches), result.steps[1].persons) == (200, 1_000)


@settings(max_examples=400)
@given(EVENTS, STEPS, st.integers(1, 20))
def test_a_funnel_equals_trying_every_way(events, steps, window):
    events.sort(key=lambda event: event[0])
    rows = [row(ts, person, name, properties={"plan": plan}) for ts, person, name, plan in events]

    result = convert(rows, Funnel(tuple(map(Match, steps)), window, Field("properties.plan")))

    best = brute(events, steps, window)
    for at, step in enumerate(result.steps):
        times = [way for way, _ in best.values() if len(way) > at]
        assert step.persons == len(times)
        assert step.from_previous == (median(way[at] - way[at - 1] for way in times) if at and times else None)
        assert step.from_first == (median(way[at] - way[0] for way in times) if at and times else None)
    assert sum(branch.steps[0].persons for branch in result.branches) == len(best)
    for branch in result.branches:
        assert branch.steps[-1].persons == sum(
            plan == branch.value and len(way) == len(steps) for way, plan in best.values()
        )


def test_one_event_is_not_two_steps_and_a_moment_has_no_order():
    rows = [row(1, "p", "a"), row(1, "p", "b"), row(1, "p", "a")]

    result = convert(rows, Funnel((Match("a"), Match("a")), 10))

    assert [step.persons for step in result.steps] == [1, 0]
    assert [step.persons for step in convert(rows, Funnel((Match("a"), Match("b")), 10)).steps] == [1, 0]


def test_a_step_may_have_conditions():
    pro = Condition(Field("properties.plan"), Operator.EQ, "pro")
    rows = [row(1, "p", "a"), row(2, "p", "a", properties={"plan": "pro"}), row(3, "q", "a")]

    result = convert(rows, Funnel((Match("a"), Match("a", (pro,))), 10))

    assert [step.persons for step in result.steps] == [2, 1]


def test_a_funnel_has_steps_and_a_window():
    for steps, window, field in ((1, 5, "steps"), (21, 5, "steps"), (2, 0, "within_seconds")):
        with pytest.raises(Invalid) as refused:
            Funnel((Match(),) * steps, window)
        assert refused.value.problems[0].field == field
