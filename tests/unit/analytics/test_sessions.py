"""Sessions against splitting lists at their pauses."""

from itertools import pairwise
from statistics import mean, median

from hypothesis import given
from hypothesis import strategies as st

from groundswell.analytics.model import Window
from groundswell.analytics.sessions import GAP, SILENCE, read, sessions, summarize
from groundswell.eventlog.model import DAY, HOUR, MINUTE
from tests.fakes.rows import row

EVENTS = st.lists(
    st.tuples(st.integers(0, 3 * 24 * 6), st.sampled_from("pq"), st.sampled_from([None, "s1", "s2"])), max_size=60
)


def split(events, key, pause):
    mine = sorted(ts for ts, *rest in events if tuple(rest) == key)
    cuts = [0, *(at + 1 for at, (one, two) in enumerate(pairwise(mine)) if two - one > pause), len(mine)]
    return [mine[start:end] for start, end in pairwise(cuts) if start < end]


@given(EVENTS)
def test_sessions_equal_splitting_at_the_pauses(events):
    events = [(tens * 10 * MINUTE, person, session) for tens, person, session in events]
    window = Window(DAY, 2 * DAY)

    found = summarize(
        [row(ts, person, session_id=session) for ts, person, session in sorted(events, key=lambda event: event[0])],
        window,
        [DAY, DAY + 12 * HOUR],
        10,
    )

    keys = {(person, session) for _, person, session in events}
    truth = [each for key in keys for each in split(events, key, SILENCE if key[1] else GAP) if each[0] in window]
    durations = [each[-1] - each[0] for each in truth]
    assert found.total.sessions == len(truth)
    assert found.total.events == sum(map(len, truth))
    assert found.total.bounces == sum(len(each) == 1 for each in truth)
    assert found.total.mean_duration == (mean(durations) if durations else None)
    assert found.total.median_duration == (median(durations) if durations else None)
    assert found.buckets[DAY].sessions == sum(each[0] < DAY + 12 * HOUR for each in truth)


@given(EVENTS)
def test_what_lies_around_the_window_is_all_that_needs_reading(events):
    events = sorted((tens * 10 * MINUTE, person, session) for tens, person, session in events if session is None)
    rows = [row(ts, person) for ts, person, _ in events]
    window = Window(DAY, DAY + 2 * HOUR)

    whole = summarize(rows, window, [DAY], 10)
    enough = summarize([each for each in rows if each.ts in read(window)], window, [DAY], 10)

    assert enough.total.sessions == whole.total.sessions
    assert enough.total.bounces == whole.total.bounces


def test_an_event_that_came_late_joins_the_sessions_around_it():
    apart, late = [row(0), row(50 * MINUTE)], row(25 * MINUTE)

    assert len(list(sessions(apart))) == 2
    assert len(list(sessions(sorted([*apart, late])))) == 1


def test_entry_and_exit_are_the_first_and_last_page():
    pages = [
        row(1, kind="track", context={"page": {"path": "/ignored"}}),
        row(2, kind="page", context={"page": {"path": "/"}}),
        row(3, kind="page", properties={"path": "/pricing"}),
        row(4, "q", "Home", kind="screen"),
    ]

    found = summarize(pages, Window(0, DAY), [0], 10)

    assert found.entries == (("/", 1), ("Home", 1))
    assert found.exits == (("/pricing", 1), ("Home", 1))
    assert found.persons == 2
