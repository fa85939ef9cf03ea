"""Answers over days that are over are kept while nothing they depend on moves."""

import json
from datetime import UTC, datetime

import pytest

from groundswell.analytics.engine.jobs import Answering
from groundswell.analytics.engine.keeping import depends_on
from groundswell.analytics.engine.model import Files, TooMany
from groundswell.analytics.saved.preparing import prepared
from tests.fakes.kept_answers import FakeKeptAnswers

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY, NINE_HOURS = 86_400_000, 32_400_000
TODAY = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp() * 1000)
QUERY = {
    "kind": "query",
    "from": TODAY - 7 * DAY,
    "to": TODAY,
    "timezone": "UTC",
    "granularity": "day",
    "week_start": 0,
    "series": [{"id": "A", "name": None, "where": [], "measure": "count", "of": None, "currency": None, "percent": 50}],
    "where": [],
    "breakdowns": [],
    "top": 10,
    "formulas": {},
}
PERIODS = {"from": TODAY - 7 * DAY, "to": TODAY, "timezone": "UTC", "granularity": "day", "name": None}
RETENTION = {
    **PERIODS,
    "kind": "retention",
    "start": {"name": None, "where": []},
    "return": {"name": None, "where": []},
    "period": "day",
    "periods": 3,
    "first_time": True,
}


def window(question):
    text = json.dumps(question)
    return depends_on(prepared(text, 0).question, text, int(NOW.timestamp() * 1000))


@pytest.mark.parametrize(
    ("question", "span"),
    [
        (QUERY, (TODAY - 7 * DAY, TODAY)),
        ({**PERIODS, "kind": "lifecycle"}, (0, TODAY)),
        ({**PERIODS, "kind": "stickiness"}, (0, TODAY)),
        ({**QUERY, "to": TODAY + 1}, None),
        ({**QUERY, "timezone": "Asia/Tokyo", "to": TODAY - NINE_HOURS}, (TODAY - 7 * DAY, TODAY - NINE_HOURS)),
        ({**QUERY, "timezone": "Asia/Tokyo", "to": TODAY - NINE_HOURS + 1}, None),
        ({**QUERY, "where": [{"cohort": "c"}]}, None),
        ({**QUERY, "breakdowns": ["person.plan"]}, None),
        (RETENTION, None),
        ({**RETENTION, "to": TODAY - 4 * DAY}, (0, TODAY - DAY)),
        ({"kind": "sql", "sql": "SELECT now()", "parameters": []}, None),
    ],
)
def test_only_what_is_over_and_changes_with_events_alone_is_kept(question, span):
    kept = window(question)

    assert (kept and (kept.start, kept.end)) == span


class Clients:
    """Of a client with that many events, in that state."""

    def __init__(self):
        self.state, self.rows, self.erased = "one", 10, False

    def files(self, client_id, most=None, within=None, known=None):
        if known != self.state and most is not None and self.rows > most:
            raise TooMany
        return Files((), None, 0, self.rows, 1, None if known is None else self.state)

    def erased_since(self, client_id, head):
        return self.erased


class QueryContext:
    def __init__(self):
        self.clients, self.kept, self.made = Clients(), FakeKeptAnswers(), 0
        self.answering = Answering(self.clients, self._answer, self.kept, lambda: NOW)

    def _answer(self, client_id, question, files):
        self.made += 1
        return {"total": self.made}

    def ask(self, question=QUERY, most=None):
        text = json.dumps(question)
        return self.answering.find("c", prepared(text, 0).question, text, most).answer


def test_an_answer_is_made_once_and_says_since_when_it_is_kept():
    question = QueryContext()

    first, second = question.ask(), question.ask()

    assert first == {"total": 1, "cached_at": None}
    assert (json.loads(bytes(second["total"])), second["cached_at"]) == (1, "1970-01-01T00:00:00.000Z")
    assert (question.made, question.kept.counted) == (1, ["miss", "hit"])


def test_what_moved_is_asked_anew():
    question = QueryContext()
    question.ask()
    question.clients.state = "two"

    assert question.ask()["total"] == 2
    assert question.kept.counted == ["miss", "evicted"]


def test_what_is_not_over_is_never_kept():
    question = QueryContext()

    assert [question.ask({**QUERY, "to": TODAY + 1})["total"] for _ in range(2)] == [1, 2]
    assert (question.kept.kept, question.kept.counted) == ({}, [])


def test_an_answer_with_somebody_erased_meanwhile_is_not_kept():
    question = QueryContext()
    question.clients.erased = True

    assert question.ask()["total"] == 1
    assert question.kept.kept == {}


def test_what_a_worker_answered_is_known_at_once_however_large():
    question = QueryContext()
    question.ask()
    question.clients.rows = 10**9

    assert question.ask(most=100)["cached_at"]
    question.clients.state = "two"
    with pytest.raises(TooMany):
        question.ask(most=100)
