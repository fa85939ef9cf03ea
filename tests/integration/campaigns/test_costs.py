"""What a recipient costs, all in: planned, claimed, sent, marked, told to the timeline and to the log of events."""

from collections import Counter
from math import ceil
from typing import Any

import pytest

from functions.campaign_sender import wiring
from groundswell.campaigns.ledger import BATCH
from groundswell.campaigns.outcomes import Outcome, Outgoing, Sent
from groundswell.storage.client import dynamodb
from tests.calls import Calls
from tests.integration.campaigns.conftest import Dispatch

RECIPIENTS, FOR_THE_CAMPAIGN = 200, 10


def size(item: dict[str, Any]) -> int:
    """Bytes, as DynamoDB counts them, near enough."""
    return sum(len(name) + len(str(next(iter(value.values())))) for name, value in item.items())


def units(operation: str, params: dict[str, Any]) -> Counter[str]:
    """Write units by the kind of item. In a transaction each costs twice; indexes come on top."""
    usage: Counter[str] = Counter()
    if operation == "TransactWriteItems":
        for write_request in params["TransactItems"]:
            ((action, change),) = write_request.items()
            item = change.get("Item", {})
            kind = item.get("kind", {}).get("S") or (change.get("Key") or item)["sk"]["S"].partition("#")[0]
            usage[f"{action} {kind}"] += 2 * max(1, ceil(size(item) / 1024))
    elif operation == "BatchWriteItem":
        for requests in params["RequestItems"].values():
            for write_request in requests:
                item = write_request.get("PutRequest", {}).get("Item", {})
                usage[f"Batch {item.get('kind', {}).get('S')}"] += max(1, ceil(size(item) / 1024))
    elif operation in ("PutItem", "UpdateItem", "DeleteItem"):
        usage[operation] += max(1, ceil(size(params.get("Item", {})) / 1024))
    return usage


class Forgetful:
    """Knows no repeats, and costs nothing itself."""

    recognises_repeats = False

    def send(self, message: Outgoing) -> Outcome:
        return Sent(message.id)


def test_a_recipient_costs_half_a_call_and_eight_write_units_at_most(
    dispatch: Dispatch, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the provider knows no repeats, too: then how far a claim got is written once (a PutItem)."""
    monkeypatch.setattr(wiring, "provider_of", lambda _campaign: Forgetful())
    for _ in range(RECIPIENTS):
        dispatch.lead()
    campaign = dispatch.campaign([], audience={"all": True})
    dispatch.start(campaign)
    written: Counter[str] = Counter()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        written.update(units(model.name, params))

    events = dynamodb().meta.events
    events.register("provide-client-params.dynamodb", note)
    made: Counter[str] = Counter()
    try:
        while orders := dispatch.outbox():
            for start in range(0, len(orders), 5):  # what one invocation gets
                with calls.counted() as counted:
                    dispatch.handle(*orders[start : start + 5])
                made.update(counted)
    finally:
        events.unregister("provide-client-params.dynamodb", note)

    assert dispatch.get(campaign, "/stats")["states"]["sent"] == RECIPIENTS
    itemised = {name: round(number / RECIPIENTS, 3) for name, number in (written + made).most_common()}
    assert made["PutItem"] == RECIPIENTS / BATCH, itemised
    assert made.total() <= 0.5 * RECIPIENTS + FOR_THE_CAMPAIGN, itemised
    assert made.total() - made["PutItem"] <= 0.45 * RECIPIENTS, itemised
    assert written.total() <= 8 * RECIPIENTS, itemised
