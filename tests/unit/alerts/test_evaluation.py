"""What an evaluation makes of figures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from groundswell.alerts.evaluation import evaluate, readings
from groundswell.alerts.instances import Status
from groundswell.alerts.items import state_item
from groundswell.alerts.metrics import Figure, figure
from groundswell.alerts.model import (
    Actions,
    Alert,
    AlertType,
    Condition,
    Frequency,
    Level,
    MuteWindow,
    Operator,
    Severity,
)
from groundswell.alerts.muting import muted
from groundswell.alerts.state import News, State, Telling, Verdict

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def alert(**condition) -> Alert:
    wanted = Condition(**{"operator": Operator.GT, "threshold": Decimal(10), **condition})
    return Alert(
        "a", "c", "o", "A", AlertType.CPC, "all_ads", wanted, Actions(), Frequency(every="15m"), "ada", NOW, NOW
    )


class Watch:
    """An alert over time: the verdicts and statuses of its one figure."""

    def __init__(self, watched: Alert) -> None:
        self.alert = watched
        self.state = State("a", "c")
        self.now = NOW

    def sees(self, value: float | None, reason: str | None = None, previous: float | None = None) -> Verdict:
        current = {(): Figure(None if value is None else Decimal(str(value)), reason)}
        before = None if previous is None else {(): Figure(Decimal(str(previous)))}
        [outcome] = evaluate(self.alert, self.state, readings(self.alert, current, before, []), self.now)
        self.state = self.state.with_entries([outcome.after] if outcome.after else [])
        self.now += 5 * MINUTE
        return outcome.result.state

    @property
    def statuses(self) -> list[Status]:
        return [entry.status for entry in self.state.entries]


OK, PENDING, FIRING, UNKNOWN = Verdict.OK, Verdict.PENDING, Verdict.FIRING, Verdict.UNKNOWN


def test_it_fires_beyond_the_line_and_resolves_behind_it():
    watch = Watch(alert())

    assert [watch.sees(value) for value in (10, 11, 12, 10)] == [OK, FIRING, FIRING, OK]


def test_it_waits_as_long_as_it_has_to_hold_and_begins_anew_after_a_break():
    watch = Watch(alert(holds_for="10m"))

    seen = [watch.sees(value) for value in (11, 11, 9, 11, 11, 11)]

    assert seen == [PENDING, PENDING, OK, PENDING, PENDING, FIRING]


def test_what_fires_goes_on_until_the_line_of_recovery():
    watch = Watch(alert(recovery_threshold=Decimal(8)))

    assert [watch.sees(value) for value in (9, 11, 9, 8.5, 8, 9)] == [OK, FIRING, FIRING, FIRING, OK, OK]


@pytest.mark.parametrize("operator", list(Operator))
def test_what_is_unknown_neither_fires_nor_resolves(operator):
    watch = Watch(alert(operator=operator))
    fresh = Watch(alert(operator=operator))
    watch.sees({Operator.LT: 1, Operator.LTE: 1, Operator.CHANGE_LT: -99}.get(operator, 99), previous=1)
    before = watch.statuses

    assert watch.sees(None, "not_reported") is UNKNOWN
    assert watch.statuses == before
    assert (fresh.sees(None, "division_by_zero"), fresh.statuses) == (UNKNOWN, [])


def test_no_data_fires_where_nothing_came_and_ends_when_something_does():
    watch = Watch(alert(operator=Operator.NO_DATA, threshold=None))

    assert [watch.sees(None, "no_data"), watch.sees(0)] == [FIRING, OK]


def test_a_change_is_in_percent_of_the_period_before():
    watch = Watch(alert(operator=Operator.CHANGE_LT, threshold=Decimal(-30)))

    assert [watch.sees(80, previous=100), watch.sees(60, previous=100)] == [OK, FIRING]
    assert watch.sees(60, previous=0) is UNKNOWN


def test_the_most_severe_line_counts_and_a_worse_one_is_news():
    watch = Watch(alert(levels=(Level(Severity.CRITICAL, Decimal(20)),)))
    severities = []
    for value in (11, 25, 12):
        watch.sees(value)
        [entry] = watch.state.entries
        severities.append((entry.severity, entry.news))
        watch.state = watch.state.with_entries([replace(entry, news=News.NONE, announced=True)])

    assert severities == [
        (Severity.WARNING, News.FIRING),
        (Severity.CRITICAL, News.FIRING),
        (Severity.WARNING, News.NONE),
    ]


def test_what_somebody_ended_rests_until_the_figure_is_normal_again_or_worse():
    watch = Watch(alert(levels=(Level(Severity.CRITICAL, Decimal(20)),)))

    def close() -> None:
        entries = [replace(entry, status=Status.RESOLVED, news=News.NONE, rests=True) for entry in watch.state.entries]
        watch.state = replace(watch.state, entries=tuple(entries))

    def opened() -> int:
        return len(watch.state.open)

    watch.sees(11)
    close()
    assert [(watch.sees(11), opened()), (watch.sees(12), opened())] == [(FIRING, 0), (FIRING, 0)]
    assert [(watch.sees(9), opened()), (watch.sees(11), opened())] == [(OK, 0), (FIRING, 1)]
    close()
    assert (watch.sees(21), opened()) == (FIRING, 1)


def test_each_value_of_a_dimension_has_an_instance_of_its_own_and_one_that_vanishes_stays_open():
    watched = alert(dimension="campaign_id")
    state = State("a", "c")
    for figures in ({"1": 11, "2": 9, "3": 12}, {"1": 11, "2": 9}):
        current = {(("campaign_id", name),): Figure(Decimal(value)) for name, value in figures.items()}
        read = readings(watched, current, None, list(state.open))
        outcomes = evaluate(watched, state, read, NOW)
        state = state.with_entries(outcome.after for outcome in outcomes if outcome.after)

    assert sorted(entry.dimensions["campaign_id"] for entry in state.entries) == ["1", "3"]
    assert {outcome.result.dimensions["campaign_id"]: outcome.result.state for outcome in outcomes} == {
        "1": FIRING,
        "2": OK,
        "3": UNKNOWN,
    }


def test_what_is_open_of_a_dimension_that_is_watched_no_more_ends():
    watched = alert(dimension="campaign_id")
    current = {(("campaign_id", "1"),): Figure(Decimal(11))}
    [outcome] = evaluate(watched, State("a", "c"), readings(watched, current, None, []), NOW)
    state = State("a", "c").with_entries([outcome.after])

    outcomes = evaluate(alert(), state, readings(alert(), {(): Figure(Decimal(1))}, None, []), NOW)

    assert [outcome.after.status for outcome in outcomes if outcome.after] == [Status.RESOLVED]


@pytest.mark.parametrize(
    ("kind", "sums", "expected"),
    [
        ("cpc", {"spend": 30, "clicks": 20}, Figure(Decimal("1.5"))),
        ("cpm", {"spend": 30, "impressions": 20_000}, Figure(Decimal("1.5"))),
        ("ctr", {"clicks": 15, "impressions": 1000}, Figure(Decimal("0.015"))),
        ("cplpv", {"spend": 30, "landing_page_views": None}, Figure(None, "not_reported")),
        ("roas", {"spend": 0, "revenue": 5}, Figure(None, "division_by_zero")),
        ("spend", {"spend": 30}, Figure(Decimal(30))),
    ],
)
def test_figures_are_formulas_over_sums(kind, sums, expected):
    known = {name: value if value is None else Decimal(value) for name, value in sums.items()}

    assert figure(AlertType(kind), known) == expected


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-11-27T21:30:00Z", True),  # Friday, 22:30 in Berlin
        ("2026-11-28T05:59:00Z", True),  # what began on Friday
        ("2026-11-28T06:00:00Z", False),
        ("2026-11-28T21:30:00Z", False),  # Saturday
        ("2026-11-27T05:00:00Z", False),  # what would have begun on Thursday
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_on_which_it_began(at, quiet):
    window = MuteWindow("22:00", "07:00", ("fri",), "Europe/Berlin")

    assert muted([window], datetime.fromisoformat(at)) is quiet


@pytest.mark.parametrize(
    ("starts", "ends", "at", "quiet"),
    [
        # 29 March 2026 in Berlin: 02:00 is 03:00, at 01:00 UTC.
        ("01:30", "02:30", "2026-03-29T00:59:00Z", True),
        ("01:30", "02:30", "2026-03-29T01:00:00Z", False),  # 03:00
        ("02:15", "02:45", "2026-03-29T00:50:00Z", False),  # a window that this day does not have
        ("02:15", "02:45", "2026-03-29T01:20:00Z", False),
        ("22:00", "07:00", "2026-03-29T04:59:00Z", True),  # 06:59
        ("22:00", "07:00", "2026-03-29T05:00:00Z", False),
        # 25 October 2026: 03:00 is 02:00, at 01:00 UTC, so that 02:15 comes twice.
        ("02:00", "03:00", "2026-10-25T00:15:00Z", True),
        ("02:00", "03:00", "2026-10-25T01:15:00Z", True),
        ("02:00", "03:00", "2026-10-25T02:00:00Z", False),
    ],
)
def test_a_mute_window_follows_the_clocks_of_its_zone_when_they_are_changed(starts, ends, at, quiet):
    assert muted([MuteWindow(starts, ends, (), "Europe/Berlin")], datetime.fromisoformat(at)) is quiet


def test_of_more_firings_than_an_alert_can_hold_the_rest_waits_and_says_so():
    dear = {(("campaign", f"{n:04} {'ü' * 150}"),): Figure(Decimal(11)) for n in range(1000)}
    watched, state = alert(dimension="campaign"), State("a", "c")
    for _ in range(2):
        outcomes = evaluate(watched, state, readings(watched, dear, None, []), NOW)
        state = state.with_entries(replace(e.after, telling=Telling(NOW, "17")) for e in outcomes if e.after)
        assert [outcome.result.reason for outcome in outcomes].count("too_many_open") == 1000 - len(state.entries) > 0
    kept = state_item(state).serialize()
    assert 300_000 < sum(len(name) + len(next(iter(attribute.values()))) for name, attribute in kept.items()) < 390_000
