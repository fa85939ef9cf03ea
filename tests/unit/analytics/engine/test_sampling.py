"""Figures of a sample of persons against the truth, and their errors against the formula by hand."""

import random
from collections import Counter
from decimal import Decimal
from math import isclose, sqrt

import duckdb
import pytest

from groundswell.analytics.engine.series import Chart, Series
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.window import Window
from tests.fakes.questions import FakeLake, happened

START = 20_000 * DAY
WINDOW, DAYS = Window(START, START + 2 * DAY), Calendar(Granularity.DAY, "UTC")


def _made():
    chance = random.Random(11)
    for person in range(600):
        for _ in range(int(chance.paretovariate(2.5))):
            who = f"user-{person}" if person % 20 else None
            yield {
                "ts": START + chance.randrange(2 * DAY),
                "name": "a",
                "person": who,
                "properties": {"even": person % 2},
            }


EVENTS = list(_made())[:4_000]


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return FakeLake(tmp_path_factory.mktemp("lake"), [happened(at, **event) for at, event in enumerate(EVENTS)])


def ask(lake, percent, **more):
    series = [Series("n", "a"), Series("who", "a", measure="unique")]
    answer = lake.ask(Chart(series, WINDOW, DAYS.starts(WINDOW), DAYS, sample=Decimal(percent), **more))
    return answer["total"]["figures"], answer["groups"]


def chosen(percent):
    """Who is in the sample."""
    names = sorted({event["person"] for event in EVENTS if event["person"]})
    execute = duckdb.execute(
        "SELECT n FROM unnest($names) AS t(n) WHERE md5_number_lower(n) % 1000000 < $most",
        {"names": names, "most": percent * 10_000},
    )
    return {name for (name,) in execute.fetchall()}


@pytest.mark.parametrize("percent", [10, 35, 80])
def test_an_estimate_is_near_the_truth_and_says_how_near(lake, percent):
    figures, _ = ask(lake, percent)
    known = {event["person"] for event in EVENTS if event["person"]}

    for name, truth in (("n", len(EVENTS)), ("who", len(known))):
        assert abs(figures[name]["total"] - truth) <= 3 * figures[name]["standard_error"]["total"]
        assert len(figures[name]["points"]) == len(figures[name]["standard_error"]["points"]) == 2


def test_the_error_is_that_of_clusters(lake):
    figures, _ = ask(lake, 35)
    persons = Counter(event["person"] for event in EVENTS if event["person"] in chosen(35))

    assert figures["who"]["total"] == round(len(persons) / 0.35)
    assert isclose(figures["who"]["standard_error"]["total"], sqrt(0.65 * len(persons)) / 0.35, rel_tol=1e-9)
    by_persons = sum(count**2 for count in persons.values())
    alone = figures["n"]["standard_error"]["total"] ** 2 * Decimal("0.35") ** 2 / Decimal("0.65") - by_persons
    nobodys = sum(event["person"] is None for event in EVENTS)
    assert 0 < alone < nobodys, "what nobody did stands for itself"


def test_groups_are_estimated_too(lake):
    _, groups = ask(lake, 50, breakdowns=["properties.even"])

    assert {group["values"]["properties.even"] for group in groups} == {0, 1}
    assert all(group["figures"]["n"]["standard_error"]["total"] > 0 for group in groups)


def test_without_a_sample_nothing_is_estimated(lake):
    answer = lake.ask(Chart([Series("n", "a")], WINDOW, DAYS.starts(WINDOW), DAYS))

    assert answer["total"]["figures"]["n"]["total"] == len(EVENTS)
    assert "standard_error" not in answer["total"]["figures"]["n"]
