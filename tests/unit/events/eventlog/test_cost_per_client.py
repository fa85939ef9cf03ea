"""What one client's event costs to keep and its questions cost to answer, alone and among a thousand clients."""

import pytest

from tests.benchmarks.growth import daily, page, report, report_log, rows, world


@pytest.fixture(scope="module")
def alone():
    return world(1)


@pytest.fixture(scope="module")
def crowded():
    return world(1_000)


def test_an_event_takes_as_many_writes_among_a_thousand_clients_as_alone(alone, crowded):
    assert alone.written
    assert {kind: writes / 1_000 for kind, writes in crowded.written.items()} == dict(alone.written)


@pytest.mark.parametrize("ask", [daily, page, rows])
def test_a_question_takes_as_many_reads_among_a_thousand_clients_as_alone(alone, crowded, ask):
    assert ask(alone)
    assert 0 < alone.reads(ask) == crowded.reads(ask)


def test_a_daily_report_over_ten_million_events_of_ninety_days_reads_a_hundred_items_at_most():
    log = report_log()

    assert report(log) > 9_900_000
    assert 0 < log.reads(report) <= 100
