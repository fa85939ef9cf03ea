"""Saved questions as the engine takes them."""

import json

import pytest

from groundswell.analytics.saved.preparing import moved, names_in, prepared
from groundswell.events.eventlog.window import Window

BREAKDOWN = {
    "kind": "breakdown",
    "from": 0,
    "to": 10,
    "timezone": "UTC",
    "name": "bought",
    "where": [],
    "by": "name",
    "of": None,
    "measure": "count",
    "top": 3,
    "currency": None,
}
LIFECYCLE = {"kind": "lifecycle", "from": 0, "to": 86_400_000, "granularity": "day", "timezone": "UTC", "name": None}


def test_a_moved_question_keeps_every_digit():
    text = '{"kind":"query","from":1,"to":2,"value":123456789012345678901234567890.10}'

    assert moved(text, Window(5, 9)) == '{"kind":"query","from":5,"to":9,"value":123456789012345678901234567890.10}'


def test_sql_has_no_range_to_be_moved():
    assert json.loads(moved('{"kind":"sql","sql":"SELECT 1"}', Window(5, 9))) == {"kind": "sql", "sql": "SELECT 1"}


@pytest.mark.parametrize(("stored", "job"), [(BREAKDOWN, "question"), (LIFECYCLE, "sql")])
def test_each_kind_goes_to_the_worker_that_knows_it(stored, job):
    ready = prepared(json.dumps(stored), 0)

    assert (ready.job, ready.window) == (job, Window(stored["from"], stored["to"]))
    assert ready.question.statement.sql


def test_a_question_about_one_series_of_any_event_is_about_all():
    assert names_in({"series": [{"name": "bought"}, {"name": "viewed"}]}) == {"bought", "viewed"}
    assert names_in({"series": [{"name": "bought"}, {"name": None}]}) == frozenset()
    assert names_in({"name": "bought"}) == {"bought"}
    assert names_in({}) == frozenset()
