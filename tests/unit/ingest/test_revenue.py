"""What an event brought in, to the last digit."""

import json
from datetime import UTC, datetime

import pytest

from groundswell.ingest.revenue import revenue
from tests.fakes.ingest import Api


@pytest.mark.parametrize(
    ("properties", "value", "currency"),
    [
        ('{"revenue": 19.90, "currency": "eur"}', "19.90", "EUR"),
        ('{"revenue": "19.90", "total": 25, "value": 3}', "19.90", None),
        ('{"total": 25, "value": 3, "currency": "USDC"}', "25", "USDC"),
        ('{"value": 3}', "3", None),
        ('{"$revenue": 1.5e3, "$currency": "USD"}', "1500", "USD"),
        ('{"revenue": null, "total": "12"}', "12", None),
        ('{"revenue": "", "total": "12"}', "12", None),
        ('{"revenue": "free", "total": 7}', "7", None),
        ('{"revenue": -5, "currency": "XXX"}', "-5", None),
        ('{"revenue": 0.1000000000000000055511151231257827, "currency": 5}', None, None),
        (
            '{"revenue": 115792089237316195423570985008687907853269984665640564039457584007913129639935}',
            f"{2**256 - 1}",
            None,
        ),
        ('{"revenue": 1, "currency": "not a currency"}', "1", None),
        ('{"title": "half an emoji \\ud83d", "revenue": 19.90, "currency": "EUR"}', "19.90", "EUR"),
        ('{"price": 9, "quantity": 2}', None, None),
        ('{"product": {"revenue": 9}}', None, None),
        ('{"note": "the \\"revenue\\" of it"}', None, None),
    ],
)
def test_revenue_goes_before_total_and_total_before_value(properties, value, currency):
    found = revenue(properties.encode(), chained=False)

    assert (found.value, found.currency) == (value, currency)


@pytest.mark.parametrize("odd", ["1e999999999", "true", "[1]", '{"a":1}', '"NaN"', '"Infinity"', '"1,5"', '"\\ud83d"'])
def test_what_is_no_amount_does_not_cost_the_event(odd):
    found = revenue(b'{"revenue":%s}' % odd.encode(), chained=False)

    assert found.value is None
    assert found.unread


def test_a_chain_amount_in_wei_is_no_revenue(monkeypatch):
    api = Api(monkeypatch, lambda: datetime(2026, 3, 1, tzinfo=UTC))
    api.post(
        "/sdk/event", {"type": "TX", "event": "Swap", "properties": {"chain_id": 1, "value": "1000000000000000000"}}
    )
    api.post(
        "/sdk/event",
        {"type": "TX", "event": "Swap", "properties": {"chain_id": 1, "revenue": "2.5", "currency": "ETH"}},
    )

    assert [(event.value, event.currency) for event in api.writer.events] == [(None, None), ("2.5", "ETH")]
    assert json.loads(api.writer.events[0].web3)["value"] == "1000000000000000000"
