"""Nothing of webhooks outlives a client's purge, and nobody else's goes with it."""

from dataclasses import replace

from groundswell.kernel.clock import utc_now
from groundswell.webhooks.items import delivery_row
from groundswell.webhooks.model import Delivery, DeliveryStatus
from tests.backend import Backend
from tests.people import People


def _keys(backend: Backend) -> set[str]:
    items = [*backend.items("core"), *backend.items("ephemeral")]
    names = {item["pk"]["S"] for item in items}
    return {name for name in names if name.startswith(("WEBHOOKS#", "DELIVERIES#"))}


def test_endpoints_and_deliveries_go_with_their_client(moto: Backend, people: People) -> None:
    from groundswell.webhooks.privacy import Webhooks

    leaving, staying = people.sign_up(), people.sign_up()
    for person in (leaving, staying):
        webhook = person.post("/webhooks", {"url": "https://203.1.113.1/"}).data["id"]
        made = Delivery("0-1", person.client_id, webhook, "e", "webhook.test", "{}", utc_now())
        row = delivery_row(replace(made, status=DeliveryStatus.DELIVERED))
        moto.aws.dynamodb.put_item(TableName=moto.resources.tables["ephemeral"], Item=row)

    assert sum(Webhooks().purge(leaving.client_id)) == 2

    kept = {name for name in _keys(moto) if leaving.client_id in name or staying.client_id in name}
    assert kept == {f"WEBHOOKS#{staying.client_id}", f"DELIVERIES#{staying.client_id}"}
