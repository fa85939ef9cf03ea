"""A client beside others, and beside its own past."""

from decimal import Decimal

import pytest

from groundswell.events.eventlog.window import Window
from groundswell.reports.benchmarks import CLIENTS_AT_MOST, Benchmarks
from groundswell.reports.model import Answer, Question, Report

DAY = 86_400_000
NOW = Window(10 * DAY, 20 * DAY)


def benchmark(figures, peers, metric="events", periods=2, window=NOW, took=0.0):
    """`figures` are by client and start of the window."""
    request, clock = [], iter(range(10**6))

    def ask(client_id, question):
        request.append(client_id)
        value = figures.get((client_id, question.window.start // DAY))
        return Report(question, Answer({metric: value}, {}, (), 0))

    made = Benchmarks(ask, lambda: next(clock) * took)
    return made.of("own", Question((metric,), window), peers, periods), request


def test_a_figure_stands_beside_the_median_of_all_and_its_own_past():
    figures = {("own", 10): 30, ("a", 10): 10, ("b", 10): 50, ("c", 10): 20, ("own", 0): 12}

    answer, _ = benchmark(figures, ["a", "b", "c", "own"])
    (standing,) = answer.standings

    assert (standing.value, standing.median, standing.place, standing.clients) == (30, 25, 2, 4)
    assert (standing.past, standing.past_median, answer.past) == ((12,), 12, (Window(0, 10 * DAY),))
    assert answer.complete


def test_what_is_not_known_counts_for_nothing():
    (standing,) = benchmark({("a", 10): 10, ("b", 10): 0}, ["a", "b", "c"])[0].standings

    assert (standing.value, standing.place, standing.median, standing.clients) == (None, None, 5, 2)


def test_each_currency_stands_for_itself():
    figures = {
        ("own", 10): {"EUR": Decimal("5.5"), "USD": Decimal(1)},
        ("a", 10): {"EUR": Decimal("7.5")},
        ("b", 10): {"GBP": Decimal(9)},
        ("own", 0): {"EUR": Decimal(2)},
    }

    euros, dollars = benchmark(figures, ["a", "b"], "revenue")[0].standings

    assert (euros.currency, euros.value, euros.median, euros.place, euros.past) == ("EUR", 5.5, 6.5, 2, (2,))
    assert (dollars.currency, dollars.median, dollars.clients, dollars.past) == ("USD", 1, 1, (None,))


def test_more_clients_than_are_looked_at_are_said():
    answer, question = benchmark({}, [f"c{n}" for n in range(CLIENTS_AT_MOST)])

    assert (answer.clients, answer.complete, len(set(question))) == (CLIENTS_AT_MOST, False, CLIENTS_AT_MOST)


@pytest.mark.parametrize(("took", "clients"), [(1.0, 16), (0.0, 21)])
def test_when_the_time_is_over_no_other_client_is_asked(took, clients):
    answer, _ = benchmark({}, [f"c{n}" for n in range(20)], took=took)

    assert (answer.clients, answer.complete) == (clients, clients == 21)
