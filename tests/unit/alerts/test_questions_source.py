"""What alerts know of saved questions, and what they do not."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from groundswell.alerts.metrics import Figure
from groundswell.alerts.model import METRICS, Actions, Alert, AlertType, Condition, Frequency, Operator
from groundswell.alerts.questions_source import QuestionSource
from groundswell.alerts.sources import Period
from groundswell.analytics.engine.model import TooHeavy
from groundswell.analytics.saved.model import SavedQuestion
from groundswell.kernel.errors import NotFound

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STORED = {"kind": "stickiness", "from": 0, "to": 1, "granularity": "day", "timezone": "UTC", "name": None}
QUESTION = SavedQuestion("q", "c", "Acting", "stickiness", "{}", json.dumps(STORED), "ada", NOW, NOW)
ALERT = Alert(
    "a",
    "c",
    "o",
    "Few act",
    AlertType.METRIC,
    METRICS,
    Condition(Operator.LT, Decimal(3), metric="question:q"),
    Actions(),
    Frequency(every="15m"),
    "ada",
    NOW,
    NOW,
)
PERIODS = [Period.until(NOW, timedelta(days=1)), Period.until(NOW - timedelta(days=1), timedelta(days=1))]


class Saved:
    def __init__(self, *questions):
        self.questions = {(question.client_id, question.id): question for question in questions}

    def find(self, client_id, item_id):
        return self.questions.get((client_id, item_id))


class Engine:
    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def ask(self, client_id, question, text):
        self.asked.append((client_id, json.loads(text)["from"], json.loads(text)["to"]))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def read(saved, engine):
    return [figures[()] for figures in QuestionSource(saved, engine, lambda: NOW).read(ALERT, PERIODS)]


def test_a_question_is_asked_over_each_period_of_the_alert():
    engine = Engine({"persons": 7})

    assert read(Saved(QUESTION), engine) == [Figure(Decimal(7))] * 2
    assert engine.asked == [("c", period.start.timestamp() * 1000, period.end.timestamp() * 1000) for period in PERIODS]


@pytest.mark.parametrize(
    ("saved", "answer", "reason"),
    [
        (Saved(), {}, "question_gone"),
        (Saved(replace(QUESTION, client_id="other")), {}, "question_gone"),
        (Saved(QUESTION), None, "too_many_events"),
        (Saved(QUESTION), TooHeavy("it takes longer than 4 s"), "question_refused"),
        (Saved(QUESTION), NotFound(), "question_refused"),
        (Saved(QUESTION), {"persons": None}, "no_figure"),
        (Saved(replace(QUESTION, figure="intervals.9.persons")), {"intervals": []}, "no_figure"),
    ],
)
def test_what_is_not_known_says_why(saved, answer, reason):
    assert read(saved, Engine(answer)) == [Figure(None, reason)] * 2
