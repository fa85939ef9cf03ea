"""What webhooks keep of a client, and how it goes. Payloads in the log of deliveries expire after 14 days."""

from collections.abc import Iterator

from groundswell.storage.deletion import delete_matching
from groundswell.webhooks.items import delivery_pk, endpoint_pk


class WebhookEraser:
    kind = "webhooks"

    def erase(self, client_id: str) -> Iterator[int]:
        for table, partition in (("core", endpoint_pk(client_id)), ("ephemeral", delivery_pk(client_id))):
            values = {":pk": {"S": partition}}
            yield from delete_matching(
                table, {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": values}
            )
