"""Paths against looking ahead from every start."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.paths import PathQuestion, walk
from groundswell.kernel.errors import Invalid
from tests.fakes.rows import row

EVENTS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from("pq"), st.sampled_from("abc")), max_size=25)


@given(EVENTS, st.integers(1, 3), st.integers(1, 15), st.integers(1, 4))
def test_paths_equal_looking_ahead_from_every_start(events, steps, within, top):
    events.sort(key=lambda event: event[0])

    result = walk([row(*event) for event in events], PathQuestion(Match("a"), steps, within, top))

    expected, people = Counter(), {}
    for at, (ts, person, name) in enumerate(events):
        if name == "a":
            after = [event for event in events[at + 1 :] if event[1] == person and event[0] - ts <= within][:steps]
            names = tuple(event[2] for event in after)
            expected[names] += 1
            people.setdefault(names, set()).add(person)
    ordered = sorted(expected.items(), key=lambda item: (-item[1], item[0]))
    assert [(path.names, path.count) for path in result.paths] == ordered[:top]
    assert [path.persons for path in result.paths] == [len(people[names]) for names, _ in ordered[:top]]
    assert result.other == sum(count for _, count in ordered[top:])
    assert (result.starts, result.persons) == (expected.total(), len({event[1] for event in events if event[2] == "a"}))


def test_events_that_do_not_count_are_no_steps():
    rows = [row(1, "p", "a"), row(2, "p", "noise"), row(3, None, "b"), row(4, "p", "b")]

    result = walk(rows, PathQuestion(Match("a"), 2, 10, 5, Match("b")))

    assert [path.names for path in result.paths] == [("b",)]


def test_a_path_is_bounded():
    for steps, within, field in ((0, 1, "steps"), (11, 1, "steps"), (1, 0, "within_seconds")):
        with pytest.raises(Invalid) as refused:
            PathQuestion(Match(), steps, within, 5)
        assert refused.value.problems[0].field == field
