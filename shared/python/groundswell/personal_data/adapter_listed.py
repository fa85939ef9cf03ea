"""Personal data that lies in the core table, listed below the client: what most features have."""

from collections.abc import Iterator

from groundswell.storage.deletion import delete_matching


class Listed:
    """Items of the core table with `gsi1pk` `CLIENT#<client>` and a `gsi1sk` that begins with one of the prefixes."""

    def __init__(self, kind: str, *prefixes: str, places: tuple[str, ...] = ()) -> None:
        """`places` (see `port.ClientData`) are where the listed items lie, if their partition is the client's and does
        not begin with a prefix; and where something lies that expires by itself in the 14 days before a purge."""
        self.kind = kind
        self.prefixes = prefixes
        self.places = places

    def purge(self, client_id: str) -> Iterator[int]:
        for prefix in self.prefixes:
            condition = {
                "IndexName": "gsi1",
                "KeyConditionExpression": "gsi1pk = :pk AND begins_with(gsi1sk, :prefix)",
                "ExpressionAttributeValues": {":pk": {"S": f"CLIENT#{client_id}"}, ":prefix": {"S": prefix}},
            }
            yield from delete_matching("core", condition)
