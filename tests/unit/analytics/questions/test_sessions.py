"""Sessions against splitting lists at their pauses."""

from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.analytics.questions.sessions import GAP, SILENCE, read, sessions, summarize
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE
from groundswell.events.eventlog.window import Window
from tests.fakes.rows import row

EVENTS = st.lists(
    st.tuples(st.integers(0, 3 * 24 * 6), st.sampled_from("pq"), st.sampled_from([None, "s1", "s2"])), max_size=60
)


def split(events):
    """The visits of one person, each by the times of its events; `events` in time order."""
    visits: list[tuple[str | None, list[int]]] = []
    for ts, session in events:
        pause = SILENCE if session else GAP
        running = [times for key, times in visits if (session in (None, key)) and ts - times[-1] <= pause]
        if running:
            max(running, key=lambda times: times[-1]).append(ts)
        else:
            visits.append((session, [ts]))
    return [times for _, times in visits]


@given(EVENTS)
def test_sessions_equal_splitting_at_the_pauses(events):
    events = sorted((tens * 10 * MINUTE + at, *rest) for at, (tens, *rest) in enumerate(events))
    window = Window(DAY, 2 * DAY)

    summary = summarize(
        [row(ts, person, session_id=session) for ts, person, session in events], window, [DAY, DAY + 12 * HOUR], 10
    )

    visits = [
        visit for who in "pq" for visit in split([(ts, session) for ts, person, session in events if person == who])
    ]
    truth = [visit for visit in visits if visit[0] in window]
    durations = [visit[-1] - visit[0] for visit in truth]
    assert summary.total.sessions == len(truth)
    assert summary.total.events == sum(map(len, truth))
    assert summary.total.bounces == sum(len(visit) == 1 for visit in truth)
    assert summary.total.mean_duration == (mean(durations) if durations else None)
    assert summary.total.median_duration == (median(durations) if durations else None)
    assert summary.buckets[DAY].sessions == sum(visit[0] < DAY + 12 * HOUR for visit in truth)


@given(EVENTS)
def test_what_lies_around_the_window_is_all_that_needs_reading(events):
    events = sorted((tens * 10 * MINUTE, person, session) for tens, person, session in events if session is None)
    rows = [row(ts, person) for ts, person, _ in events]
    window = Window(DAY, DAY + 2 * HOUR)

    whole = summarize(rows, window, [DAY], 10)
    enough = summarize([row for row in rows if row.ts in read(window)], window, [DAY], 10)

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

    summary = summarize(pages, Window(0, DAY), [0], 10)

    assert summary.entries == (("/", 1), ("Home", 1))
    assert summary.exits == (("/pricing", 1), ("Home", 1))
    assert summary.persons == 2


def figures(*rows):
    return summarize(rows, Window(0, DAY), [0], 10).total


@pytest.mark.parametrize(
    "follows",
    [
        row(2, name="$pageleave"),
        row(2, name="identify", kind="identify"),
        row(2, name="$set", kind="identify"),
        row(2, name="$create_alias", kind="alias"),
        row(2, name="$groupidentify", kind="group"),
        row(2, name="$feature_flag_called"),
        row(2, name="$web_vitals"),
    ],
    ids=lambda event_row: event_row.name,
)
def test_a_visit_of_one_page_is_a_bounce_whatever_an_sdk_says_after_it(follows):
    summary = figures(row(1, kind="page"), follows)

    assert (summary.sessions, summary.events, summary.bounces) == (1, 2, 1)


@pytest.mark.parametrize(
    "follows", [row(2, kind="page"), row(2), row(2, name="$autocapture")], ids=("page", "event", "click")
)
def test_who_does_something_on_the_page_does_not_bounce(follows):
    assert figures(row(1, kind="page"), follows).bounces == 0


SERVERS = [
    *({"context": {"library": {"name": name}}} for name in ("posthog-python", "analytics-node", "Analytics.NET")),
    {"context": {"library": {"name": "@rudderstack/rudder-sdk-node"}}},
    {"extra": {"channel": "server"}},
]


@pytest.mark.parametrize("server", SERVERS)
def test_a_servers_event_makes_no_visit_of_its_own(server):
    assert figures(row(1, **server), row(9, kind="page", **server)).sessions == 0


@pytest.mark.parametrize("server", SERVERS)
def test_a_servers_event_belongs_to_its_users_running_visit(server):
    page = row(1, session_id="s", kind="page")

    summary = figures(page, row(2, name="Order Completed", **server), row(2, "other", **server))

    assert (summary.sessions, summary.events, summary.bounces) == (1, 2, 0)


def test_a_server_that_goes_on_telling_of_somebody_does_not_keep_the_visit_alive():
    reports = [row(at * 20 * MINUTE, **SERVERS[0]) for at in range(1, 9)]

    summary = figures(row(0, kind="page"), *reports)

    assert (summary.sessions, summary.events) == (1, 2)


def test_a_server_that_names_the_session_is_heard():
    assert figures(row(1, session_id="s", **SERVERS[0])).sessions == 1


@pytest.mark.parametrize(
    "name", ["web", "analytics.js", "RudderLabs JavaScript SDK", "posthog-ios", "analytics-android", "goal"]
)
def test_a_browsers_or_devices_event_makes_a_visit(name):
    assert figures(row(1, context={"library": {"name": name}})).sessions == 1
