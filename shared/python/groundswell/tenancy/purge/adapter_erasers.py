"""What is deleted of a client that is listed below it in the core table."""

from collections.abc import Iterator

from groundswell.storage.deletion import delete_matching


class ListedEraser:
    """Items of the core table that are listed below the client."""

    def __init__(self, kind: str, prefix: str) -> None:
        self.kind = kind
        self._prefix = prefix

    def erase(self, client_id: str) -> Iterator[int]:
        condition = {
            "IndexName": "gsi1",
            "KeyConditionExpression": "gsi1pk = :pk AND begins_with(gsi1sk, :prefix)",
            "ExpressionAttributeValues": {":pk": {"S": f"CLIENT#{client_id}"}, ":prefix": {"S": self._prefix}},
        }
        yield from delete_matching("core", condition)
