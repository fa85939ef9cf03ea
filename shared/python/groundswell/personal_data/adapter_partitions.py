"""Personal data that lies in partitions of the client's own, whatever is in them."""

from collections.abc import Iterator

from groundswell.storage.deletion import delete_partition


class Partitions:
    """`places` are whole partitions (see `port.ClientData`): `core WEBHOOKS#{client}`."""

    prefixes = ()

    def __init__(self, kind: str, *places: str) -> None:
        self.kind = kind
        self.places = places

    def purge(self, client_id: str) -> Iterator[int]:
        for place in self.places:
            table, _, partition = place.format(client=client_id).partition(" ")
            yield from delete_partition(table, partition)
