"""Our own statements in this process: bounded, and answered as a tenant's are."""

from datetime import UTC, datetime

import msgspec
import pytest

from groundswell.analytics.engine.emitters.funnels import FunnelQuestion
from groundswell.analytics.engine.model import AT_ONCE, Files, Limits, Statement, TooHeavy
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.funnel import Funnel
from groundswell.events.eventlog.window import Window
from tests.fakes.engine import ENGINE
from tests.fakes.questions import FakeLake, happened

AT = round(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def files(tmp_path):
    return Files((FakeLake(tmp_path, [happened(1, AT)]).path,), None, 0, 1)


def test_a_statement_that_does_not_end_is_interrupted(files):
    endless = Statement("SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range * b.range % 7 = 3")

    with pytest.raises(TooHeavy, match="longer than 1 s"):
        ENGINE.run(endless, files, Limits(seconds=1))
    assert ENGINE.run(Statement("SELECT 1"), files, AT_ONCE).rows == msgspec.Raw(b"[[1]]")


def test_large_numbers_and_times_are_answered_as_json_has_them(files):
    statement = Statement(
        "SELECT 1267650600228229401496703205376::HUGEINT, max(time), $plan FROM events", {"plan": "team"}
    )

    table = ENGINE.run(statement, files, AT_ONCE)

    assert table.rows == msgspec.Raw(b'[[1267650600228229401496703205376,"2026-03-01T00:00:00.000Z","team"]]')


def test_a_funnel_sorts_events_instead_of_comparing_each_with_all(files):
    steps = (Match("viewed"), Match("ordered"), Match("returned"))
    funnel = FunnelQuestion(Window(AT, AT + 86_400_000), (Funnel(steps, 3_600_000),)).statement

    plan = ENGINE.run(Statement(f"EXPLAIN (FORMAT json) {funnel.sql}", funnel.parameters), files, AT_ONCE).rows

    assert bytes(plan).count(b"ASOF_JOIN") == 2
    assert b"NESTED_LOOP" not in bytes(plan)
