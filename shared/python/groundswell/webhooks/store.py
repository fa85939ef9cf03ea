"""Endpoints and deliveries in DynamoDB. A delivery whose first attempt succeeds costs two writes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from groundswell.audit.items import note
from groundswell.audit.model import SYSTEM, Entry
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.client import dynamodb
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete, put, write
from groundswell.webhooks.items import (
    EndpointItem,
    delivery_key,
    delivery_pk,
    delivery_row,
    endpoint_item,
    endpoint_pk,
    read_delivery,
)
from groundswell.webhooks.model import (
    KEPT,
    Delivery,
    DeliveryPending,
    DeliveryStatus,
    DeliveryUnderWay,
    Endpoint,
    Order,
    Reason,
)
from groundswell.webhooks.sending import TIMER

type Tell = Callable[[Endpoint], tuple[Message, ...]]
_IS_NEXT = "#status = :pending AND #round = :round AND tries = :tries AND leased_until <= :now"
_REFUSED = "ConditionalCheckFailedException"
_ATTEMPTS = 12  # of those that write at once one gets through each time
_ROWS = 200
_QUERIES_AT_MOST = 10


class DynamoEndpointStore:
    def find(self, client_id: str, endpoint_id: str) -> Endpoint | None:
        return find(Endpoint, EndpointItem, endpoint_pk(client_id), endpoint_id)

    def endpoints(self, client_id: str) -> tuple[Endpoint, ...]:
        """Oldest first."""
        items = EndpointItem.query(endpoint_pk(client_id), consistent_read=True)
        return tuple(from_item(Endpoint, item) for item in items)

    def save(self, endpoint: Endpoint, entry: Entry) -> Endpoint:
        """Raises PreconditionFailed if someone else wrote first."""
        item = endpoint_item(endpoint)
        write([put(item), note(entry)])
        return replace(endpoint, version=item.version)

    def remove(self, endpoint: Endpoint, entry: Entry) -> None:
        write([delete(endpoint_item(endpoint)), note(entry)])


class DynamoDeliveryLog:
    """What people see and repeat."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def page(
        self, client_id: str, endpoint_id: str, limit: int, position: Position | None, status: DeliveryStatus | None
    ) -> Page[Delivery]:
        """Newest first. With a status, a page may be short, or empty, and have a next one: it looked at 2,000."""
        last = str(position["id"]) if position else "~"
        deliveries = list[Delivery]()
        for _ in range(_QUERIES_AT_MOST):
            rows = self._before(client_id, endpoint_id, last, limit + 1 if status is None else _ROWS)
            deliveries += [delivery for delivery in map(read_delivery, rows) if status in (None, delivery.status)]
            if len(deliveries) > limit:
                return Page(tuple(deliveries[:limit]), {"id": deliveries[limit - 1].id})
            if len(rows) < _ROWS:
                return Page(tuple(deliveries))
            last = read_delivery(rows[-1]).id
        return Page(tuple(deliveries), {"id": last})

    def _before(self, client_id: str, endpoint_id: str, last: str, limit: int) -> list[dict[str, Any]]:
        """Those that are not expired, which DynamoDB may be hours late to delete."""
        oldest = f"{millis(self._now() - KEPT):013d}"
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("ephemeral"),
                KeyConditionExpression="pk = :pk AND sk BETWEEN :oldest AND :last",
                ExpressionAttributeValues={
                    ":pk": {"S": delivery_pk(client_id)},
                    ":oldest": {"S": f"{endpoint_id}#{oldest}"},
                    ":last": {"S": f"{endpoint_id}#{_before(last)}"},
                },
                ScanIndexForward=False,
                PaginationConfig={"MaxItems": limit, "PageSize": limit},
            )
        )
        return [dict(row) for page in pages for row in page["Items"]]

    def find(self, client_id: str, endpoint_id: str, delivery_id: str) -> Delivery | None:
        key = delivery_key(client_id, endpoint_id, delivery_id)
        answer = dynamodb().get_item(TableName=table_name("ephemeral"), Key=key, ConsistentRead=True)
        return read_delivery(answer["Item"]) if "Item" in answer else None

    def replay(self, before: Delivery, delivery: Delivery, message: Message) -> None:
        """Raises DeliveryPending when somebody else did."""
        operation = {
            "TableName": table_name("ephemeral"),
            "Item": delivery_row(delivery),
            "ConditionExpression": "#round = :round AND #status = :status",
            "ExpressionAttributeNames": {"#round": "round", "#status": "status"},
            "ExpressionAttributeValues": {":round": {"N": str(before.round)}, ":status": {"S": before.status.value}},
        }
        write([Change({"Put": operation}, DeliveryPending())], [message])


class DynamoDeliveryStore:
    """What the sender does. Claims are leased for `lease_seconds`, longer than its function may run."""

    def __init__(self, now: Callable[[], datetime], new_id: Callable[[], str], lease_seconds: int, tell: Tell) -> None:
        self._now = now
        self._new_id = new_id
        self._lease = lease_seconds
        self._tell = tell
        self._leases: dict[str, str] = {}
        self._store = DynamoEndpointStore()

    def endpoints(self, client_id: str) -> tuple[Endpoint, ...]:
        return self._store.endpoints(client_id)

    def begin(self, delivery: Delivery) -> Delivery | None:
        lease = self._new_id()
        try:
            dynamodb().put_item(
                TableName=table_name("ephemeral"),
                Item=delivery_row(delivery, lease, self._until()),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise
            return self.resume(Order(**delivery.order))
        self._leases[delivery.key] = lease
        return delivery

    def resume(self, order: Order) -> Delivery | None:
        lease = self._new_id()
        try:
            answer = dynamodb().update_item(
                TableName=table_name("ephemeral"),
                Key=delivery_key(order.client_id, order.endpoint_id, order.delivery_id),
                UpdateExpression="SET lease = :lease, leased_until = :until",
                ConditionExpression=_IS_NEXT,
                ExpressionAttributeNames={"#status": "status", "#round": "round"},
                ExpressionAttributeValues={
                    ":lease": {"S": lease},
                    ":until": {"N": str(self._until())},
                    ":now": {"N": str(millis(self._now()))},
                    ":pending": {"S": DeliveryStatus.PENDING.value},
                    ":round": {"N": str(order.round)},
                    ":tries": {"N": str(order.tries)},
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise
            present: Any = error.response.get("Item")
            if present and self._waits_for(read_delivery(present), order):
                raise DeliveryUnderWay from error
            return None
        delivery = read_delivery(dict(answer["Attributes"]))
        self._leases[delivery.key] = lease
        return delivery

    def settle(self, delivery: Delivery, timer: Timer | None) -> None:
        """Raises PreconditionFailed when the lease was over and somebody else has it."""
        operation = {
            "TableName": table_name("ephemeral"),
            "Item": delivery_row(delivery),
            "ConditionExpression": "lease = :lease",
            "ExpressionAttributeValues": {":lease": {"S": self._leases.pop(delivery.key)}},
        }
        settled = Change({"Put": operation}, PreconditionFailed())
        write([settled, *self._timer_changes(delivery, timer)])

    def delivered_since(self, delivery: Delivery, moment: datetime) -> bool:
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("ephemeral"),
                KeyConditionExpression="pk = :pk AND begins_with(sk, :endpoint)",
                FilterExpression="#status = :delivered AND finished_at >= :moment",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":pk": {"S": delivery_pk(delivery.client_id)},
                    ":endpoint": {"S": f"{delivery.endpoint_id}#"},
                    ":delivered": {"S": DeliveryStatus.DELIVERED.value},
                    ":moment": {"S": moment.isoformat()},
                },
                ScanIndexForward=False,
                ProjectionExpression="sk",
            )
        )
        return any(page["Items"] for page in pages)

    def disable(self, endpoint: Endpoint, reason: Reason) -> None:
        for _ in range(_ATTEMPTS):
            present = self._store.find(endpoint.client_id, endpoint.id)
            if present is None or not present.active:
                return
            disabled = present.disabled(reason, self._now())
            details = {"reason": reason.value}
            entry = Entry(endpoint.org_id, "webhook.disabled", SYSTEM, f"webhook:{endpoint.id}", details)
            try:
                write([put(endpoint_item(disabled)), note(entry)], self._tell(disabled))
            except PreconditionFailed:
                continue
            return

    @staticmethod
    def _timer_changes(delivery: Delivery, timer: Timer | None) -> tuple[Change, ...]:
        if timer:
            return (set_timer(timer),)
        # A first attempt that was the last has none.
        return (cancel_timer(delivery.client_id, TIMER, delivery.key),) if delivery.tries > 1 else ()

    @staticmethod
    def _waits_for(delivery: Delivery, order: Order) -> bool:
        waited = (delivery.status, delivery.round, delivery.tries)
        return waited == (DeliveryStatus.PENDING, order.round, order.tries)

    def _until(self) -> int:
        return millis(self._now()) + self._lease * 1000


def _before(delivery_id: str) -> str:
    """The end of a range of ids that stops short of this one."""
    return delivery_id if delivery_id == "~" else delivery_id[:-1] + chr(ord(delivery_id[-1]) - 1) + "~"
