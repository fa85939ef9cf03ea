"""Where a lead stands: which stages it comes to, and how it is counted once it is closed."""

from datetime import UTC, datetime

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.leads.model import Status
from groundswell.scoring.crossing import deed_body, messages, parse_deed
from groundswell.scoring.model import Action, Actions, Score, TaskAction
from groundswell.scoring.standing import Standing, moved
from groundswell.scoring.tallies import performance

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def score(value: float, stage: str | None = None) -> Score:
    return Score(value, "D", stage, 0, 0, 0, (), NOW, 3)


def walked(*stages: str | None) -> list[tuple[str, int]]:
    standing, steps = Standing(), []
    for stage in stages:
        standing, crossings = moved(standing, score(0.5, stage), Status.NEW)
        steps += [(crossing.stage, crossing.number) for crossing in crossings]
    return steps


def test_each_stage_is_crossed_once_on_the_way_up_and_again_after_the_way_down() -> None:
    assert walked("mql", "mql", "sql", "mql", "sql") == [("mql", 1), ("sql", 2), ("sql", 3)]
    assert walked("sql", None, "mql") == [("mql", 1), ("sql", 2), ("mql", 3)]
    assert walked(None, None) == []


def test_a_closed_lead_counts_by_its_last_score_while_it_was_open() -> None:
    standing, _ = moved(Standing(), score(0.72), Status.CONTACTED)
    won, _ = moved(standing, score(0.1), Status.CONVERTED)
    assert won.counted == "3#7#won"
    assert moved(won, score(0.9), Status.LOST)[0].counted == "3#7#lost"
    assert moved(won, score(0.9), Status.NEW)[0].counted is None
    assert moved(Standing(), score(0.9), Status.LOST)[0].counted is None


def test_bands_tell_how_many_were_won_and_lost() -> None:
    result = performance({"3#7#won": 2, "3#1#lost": 3, "4#7#lost": 1}, None)
    assert [(band.low, band.won, band.lost) for band in result.bands if band.leads] == [(0.1, 0, 3), (0.7, 2, 1)]
    assert result.auc == (2 * 3 + 2 * 0.5) / 8
    assert performance({"3#7#won": 2}, 4).won == 0
    assert performance({"3#7#won": 2}, 3).auc is None


def test_a_crossing_says_all_that_is_to_be_done_and_only_where_there_is_something() -> None:
    action = Action(TaskAction(("ann",), "High"), webhook=True, list_id="l")
    _, crossings = moved(Standing(), score(0.8, "sql"), Status.NEW)
    outgoing = list(messages("c", "lead", crossings, Actions(sql=action)))
    assert [message.queue for message in outgoing] == ["webhook_events", "audience"]
    deed = parse_deed(outgoing[1].body)
    assert (deed.stage, deed.number, deed.create_task, deed.list_id) == ("sql", 2, action.create_task, "l")
    assert parse_deed(deed_body(deed)) == deed
    assert list(messages("c", "lead", crossings, Actions())) == []
    written = deed_body(deed)
    untyped = written.replace('"number":2', '"number":"2"')
    for body in ("{}", "x", written.replace("scoring.crossing", "other"), untyped):
        with pytest.raises(Invalid):
            parse_deed(body)
