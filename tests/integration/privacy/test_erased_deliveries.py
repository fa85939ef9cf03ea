"""What webhooks keep of a person who is erased: no delivery that mentions them."""

import json

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.webhooks.items import delivery_row
from groundswell.webhooks.model import Delivery


@pytest.fixture
def deliver(moto, owner):
    def put(name, **data):
        payload = json.dumps({"type": "task.completed", "data": data})
        delivery = Delivery(name, owner.client_id, "endpoint", f"event-{name}", "task.completed", payload, utc_now())
        table = moto.resources.tables["ephemeral"]
        moto.aws.dynamodb.put_item(TableName=table, Item=delivery_row(delivery))

    return put


@pytest.fixture
def left(moto, owner):
    def names():
        items = moto.items("ephemeral")
        return sorted(item["sk"]["S"] for item in items if item["pk"]["S"] == f"DELIVERIES#{owner.client_id}")

    return names


@pytest.mark.parametrize("after", [False, True])
def test_deliveries_that_mention_an_erased_person_go_and_others_stay(past, worker, deliver, left, after):
    for number in range(3):
        deliver(f"hers-{number}", user_id="qz-ada")
    deliver("bobs", user_id="qz-adams")
    operation = worker.start({"user_id": "qz-ada"})

    worker.killed_everywhere(operation, after=after)

    done = worker.look(operation)
    assert done["status"] == "succeeded"
    summary = done["result"]["webhook_deliveries"]
    assert [summary[name] for name in ("outcome", "objects", "rewritten", "found_clean")] == ["clean", 4, 3, 3]
    assert left() == ["endpoint#bobs"]


def test_an_erased_time_is_no_reason_to_forget_deliveries(past, worker, deliver, left):
    deliver("some", user_id="qz-eve")

    worker.erase({"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"})

    assert left() == ["endpoint#some"]
