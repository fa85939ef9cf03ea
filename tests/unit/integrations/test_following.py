"""Events of payments and orders add up to what the platform says in the end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from groundswell.integrations.following import events_of
from groundswell.integrations.records import Record

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def order(amount, status="paid", at=0, **more):
    fields = {"amount": amount, "currency": "EUR", "status": status, **more}
    return Record("orders", "1", "shop", NOW + timedelta(minutes=at), fields, {"at": at})


def told(*states):
    """Every event of that history, each change told twice: what counts is the first of an id."""
    by_id, before = {}, None
    for state in states:
        for _ in range(2):
            for event in events_of("shopify", "order", before, state):
                by_id.setdefault(event["id"], event)
        before = state
    return by_id.values()


def revenue(events):
    return sum(
        (-1 if event["event"] == "Order Refunded" else 1) * Decimal(event["properties"]["revenue"]) for event in events
    )


@pytest.mark.parametrize(
    ("states", "brought"),
    [
        ([order("10.00", "pending"), order("10.00")], 10),
        ([order("10.00"), order("12.50", at=1)], Decimal("12.5")),
        ([order("10.00"), order("12.50", at=1), order("10.00", at=2), order("12.50", at=3)], Decimal("12.5")),
        ([order("10.00"), order("4.00", at=1)], 4),
        ([order("10.00"), order("10.00", "cancelled", at=1)], 0),
        ([order("10.00"), order("10.00", "voided", at=1, refunded="10.00")], 0),
        ([order("10.00"), order("10.00", "refunded", at=1)], 0),
        ([order("10.00"), order("10.00", at=1, refunded="3.00"), order("11.00", at=2, refunded="3.00")], 8),
        ([order("10.00"), order("10.00", at=1)], 10),
    ],
)
def test_what_an_order_brought_in_is_what_it_says_whatever_was_restated(states, brought):
    assert revenue(told(*states)) == brought


def test_the_first_time_it_is_paid_is_its_completion_and_later_amounts_are_restatements():
    names = [event["event"] for event in told(order("10.00"), order("12.50", at=1))]

    assert names == ["Order Completed", "Order Restated"]
    assert list(told(order("10.00"), replace(order("10.00"), raw={"other": 1})))[1:] == []
