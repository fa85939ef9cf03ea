"""Creatives as personal data: a client's own, and no person's outside of its organization, but for what guests call
themselves in a decision, which is the client's record of who said yes."""

from collections.abc import Iterator
from typing import Any

from groundswell.creatives.items import LISTED, CreativeItem, creative_pk
from groundswell.creatives.model import Creative
from groundswell.personal_data.port import ClientData
from groundswell.storage.deletion import delete_matching, delete_partition
from groundswell.storage.reading import list_page


class Creatives:
    """A creative's own item goes last, so that whoever goes on finds the rest."""

    kind = "creatives"
    prefixes = ("CREATIVE#",)
    places = ("core CREATIVE#{client}#",)

    def purge(self, client_id: str) -> Iterator[int]:
        while creatives := list_page(Creative, CreativeItem, f"CLIENT#{client_id}", LISTED, 50, None).items:
            for creative in creatives:
                pk = creative_pk(client_id, creative.id)
                for prefix in ("V#", "D#", "C#", "L#"):
                    yield from delete_matching("core", _query(pk, prefix))
                yield from delete_partition("core", pk)


def _query(pk: str, prefix: str) -> dict[str, Any]:
    values = {":pk": {"S": pk}, ":prefix": {"S": prefix}}
    condition = "pk = :pk AND begins_with(sk, :prefix)"
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}


def personal_data() -> tuple[ClientData, ...]:
    return (Creatives(),)
