"""What timers keep of a client: the names of objects, by which its features wanted to be called."""

from collections.abc import Iterator

from groundswell.schedules.items import partition
from groundswell.storage.deletion import delete_matching


class TimerEraser:
    kind = "timers"

    def erase(self, client_id: str) -> Iterator[int]:
        values = {":pk": {"S": partition(client_id)}}
        yield from delete_matching("core", {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": values})
