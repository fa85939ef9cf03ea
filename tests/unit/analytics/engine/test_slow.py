"""What takes long is told of, without what it looks for."""

import pytest

from groundswell.analytics.engine.adapter_engine import Engine
from groundswell.analytics.engine.adapter_process import Sandbox
from groundswell.analytics.engine.adapter_slow import Watched, watched
from groundswell.analytics.engine.model import AT_ONCE, Files, SqlTooHeavy, Statement
from groundswell.events.archiver.adapter_parquet import DuckSheets

STATEMENT = Statement("SELECT count(*) FROM events WHERE user_id = 'ada' AND name = $name", {"name": "secret plan"})


@pytest.fixture
def files(tmp_path):
    with DuckSheets().sheet() as sheet:
        return Files((str(sheet.save(tmp_path / "0.tail")),), None, 0, 7)


@pytest.fixture
def logged(monkeypatch, caplog):
    monkeypatch.setenv("SLOW_QUESTION_MS", "0")
    return lambda message: [record for record in caplog.records if record.getMessage() == message]


@pytest.mark.parametrize("runs", [Engine(256), Sandbox()])
def test_a_slow_statement_is_logged_with_its_plan_and_without_its_values(logged, files, runs):
    Watched(runs, "question").run(STATEMENT, files, AT_ONCE)

    (line,) = logged("slow statement")
    assert (line.kind, line.events) == ("question", 7)
    assert "AGGREGATE" in line.plan
    assert not any(value in line.plan for value in ("ada", "secret plan"))


def test_a_statement_that_is_stopped_is_told_of_as_well(logged, files):
    class Stopped:
        def run(self, statement, files, limits):
            raise SqlTooHeavy("it takes longer than 15 s")

        def explain(self, statement, files, limits):
            return ""

    with pytest.raises(SqlTooHeavy):
        Watched(Stopped(), "sql").run(STATEMENT, files, AT_ONCE)

    assert len(logged("slow statement")) == 1


def test_a_slow_question_is_counted(logged, capsys):
    with watched("query.ask"):
        pass

    assert len(logged("slow question")) == 1
    assert '"SlowQuestions":[1.0]' in capsys.readouterr().out


def test_what_is_quick_is_not_told_of(logged, files, monkeypatch):
    monkeypatch.setenv("SLOW_QUESTION_MS", "60000")
    with watched("query.ask"):
        Watched(Engine(256), "question").run(STATEMENT, files, AT_ONCE)

    assert logged("slow statement") == logged("slow question") == []
