"""What an event brought in, to the last digit."""

import json
from datetime import UTC, datetime

import pytest

from groundswell.events.ingest.revenue import revenue
from tests.fakes.ingest import KEY, Api


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
    amount = revenue(properties.encode(), chained=False)

    assert (amount.value, amount.currency) == (value, currency)


@pytest.mark.parametrize("odd", ["1e999999999", "true", "[1]", '{"a":1}', '"NaN"', '"Infinity"', '"1,5"', '"\\ud83d"'])
def test_what_is_no_amount_does_not_cost_the_event(odd):
    amount = revenue(b'{"revenue":%s}' % odd.encode(), chained=False)

    assert amount.value is None
    assert amount.unread


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


def earned(name, properties):
    amount = revenue(properties, chained=False, name=name)
    return amount.value, amount.currency, amount.unread


@pytest.mark.parametrize(
    "name",
    [
        *("Order Refunded", "order_refunded", "orderRefunded", "ORDER-REFUNDED", "Refunded Order", "refund"),
        *("Product Refunded", "charge.refunded", "Payment Refunded", "Order Partially Refunded", "refundedOrder"),
        *("Partial Refund", "Refund Issued", "refund_processed", "Chargeback"),
    ],
)
@pytest.mark.parametrize(
    ("properties", "value"),
    [
        (b'{"total": 30.50, "currency": "EUR"}', "-30.50"),
        (b'{"revenue": -12, "total": 30, "currency": "EUR"}', "-12"),
        (b'{"value": "1e2", "currency": "EUR"}', "-100"),
        (b'{"total": 0.00, "currency": "EUR"}', "0.00"),
    ],
)
def test_a_refund_is_taken_off(name, properties, value):
    assert earned(name, properties) == (value, "EUR", False)


@pytest.mark.parametrize(
    "name",
    [
        *("Checkout Started", "Product Added", "Product Viewed", "Cart Viewed", "Payment Info Entered"),
        *("Checkout Step Completed", "Order Updated", "Order Cancelled", "Coupon Applied", "Added Product"),
        *("checkout_started", "begin_checkout", "add_to_cart"),
        *("ViewContent", "AddToCart", "InitiateCheckout", "AddPaymentInfo", "AddToWishlist"),
    ],
)
def test_a_step_before_a_sale_or_after_it_is_no_income(name):
    assert earned(name, b'{"revenue": 20, "total": 25, "value": 20, "currency": "EUR"}') == (None, None, False)
    assert earned(name, b'{"revenue": "soon"}') == (None, None, False)


@pytest.mark.parametrize(
    "name", ["Order Completed", "Completed Order", "purchase", "Subscription Renewed", "Refunds", "NonRefundedFee"]
)
def test_any_other_event_brings_in_what_it_says(name):
    assert earned(name, b'{"revenue": 20, "total": 25, "currency": "EUR"}') == ("20", "EUR", False)


def test_a_sale_in_steps_with_a_partial_refund_sums_up_to_what_stayed(monkeypatch):
    api = Api(monkeypatch, lambda: datetime(2026, 3, 1, tzinfo=UTC))
    steps = [("Checkout Started", 100), ("Order Completed", 100), ("Order Updated", 90), ("Order Refunded", 30)]
    for name, total in steps:
        fields = {"event": name, "properties": {"total": total, "currency": "EUR"}}
        api.post("/v1/track", {"userId": "u", **fields})
        api.post("/sdk/event", {"type": "track", **fields})
        api.post("/capture", {"api_key": KEY, "distinct_id": "u", **fields})

    assert [event.value for event in api.writer.events] == [
        value for value in (None, "100", None, "-30") for _ in range(3)
    ]
