"""Webhooks as personal data: endpoints, and the log of deliveries, which expire after 14 days."""

from typing import Any

from groundswell.events.erasure.erasable import Portion
from groundswell.events.erasure.targets import Somebody, Target
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.storage.client import dynamodb
from groundswell.storage.deletion import delete_items
from groundswell.storage.settings import table_name
from groundswell.webhooks.items import delivery_pk, endpoint_pk

_LOOKED_AT = 200  # deliveries a step


class Webhooks(Partitions):
    """An erasure deletes deliveries that mention the person, sent or not: what others got is theirs to erase. A
    delivery's name is `<client>/<sort key>`."""

    certified_as = "webhook_deliveries"

    def __init__(self) -> None:
        super().__init__("webhooks", f"core {endpoint_pk('{client}')}", f"ephemeral {delivery_pk('{client}')}")

    def busy(self, client_id: str) -> bool:  # noqa: ARG002 - the port's
        return False

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """Of an erased time, none: they are no events of that time."""
        if not isinstance(target, Somebody):
            return None
        rows = dynamodb().query(
            TableName=table_name("ephemeral"),
            KeyConditionExpression="pk = :pk AND sk > :after",
            ExpressionAttributeValues={":pk": {"S": delivery_pk(client_id)}, ":after": {"S": after or " "}},
            ConsistentRead=True,
            Limit=_LOOKED_AT,
        )["Items"]
        if not rows:
            return None
        concerned = tuple(f"{client_id}/{row['sk']['S']}" for row in rows if _mentions(row, target))
        return Portion(rows[-1]["sk"]["S"], len(rows), concerned)

    def clean(self, name: str, target: Target) -> bool:
        client_id, _, sk = name.partition("/")
        key: Any = {"pk": {"S": delivery_pk(client_id)}, "sk": {"S": sk}}
        delete_items("ephemeral", [key])
        left: Any = dynamodb().get_item(TableName=table_name("ephemeral"), Key=key, ConsistentRead=True).get("Item")
        return left is None or not _mentions(left, target)


def _mentions(row: Any, target: Target) -> bool:
    return target.mentioned([row["payload"]["S"], row["content"]["S"]], 0)


def personal_data() -> tuple[ClientData, ...]:
    return (Webhooks(),)
