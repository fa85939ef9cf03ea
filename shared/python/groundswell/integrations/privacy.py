"""Integrations as personal data: records of people, in what platforms sent and in what was put aside."""

from typing import Any

from groundswell.events.erasure.erasable import Portion
from groundswell.events.erasure.targets import Somebody, Target
from groundswell.integrations.adapter_facts import ad_rows_pk
from groundswell.integrations.adapter_hooks import hooks_pk
from groundswell.integrations.items import connections_pk, objects_pk, quarantine_pk, syncs_pk
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.port import ClientData
from groundswell.storage.client import dynamodb
from groundswell.storage.deletion import delete_items
from groundswell.storage.settings import table_name

_LOOKED_AT = 200  # records a step
_CORE = (ad_rows_pk, connections_pk, syncs_pk, objects_pk, quarantine_pk)
_OF_PEOPLE = (objects_pk, quarantine_pk)


class Integrations(Partitions):
    """An erasure deletes records that mention the person. A record's name is `<partition>/<sort key>`."""

    certified_as = "integration_records"

    def __init__(self) -> None:
        core = [f"core {partition('{client}')}" for partition in _CORE]
        super().__init__("integrations", *core, f"ephemeral {hooks_pk('{client}')}")

    def busy(self, client_id: str) -> bool:  # noqa: ARG002 - the port's
        return False

    def survey(self, client_id: str, target: Target, after: str) -> Portion | None:
        """Of an erased time, none: they are no events."""
        if not isinstance(target, Somebody):
            return None
        start, _, last = after.partition("/")
        for partition in (person(client_id) for person in _OF_PEOPLE):
            if start and partition != start:
                continue
            rows = _rows(partition, last)
            if rows:
                concerned = tuple(f"{partition}/{row['sk']['S']}" for row in rows if _mentions(row, target))
                return Portion(f"{partition}/{rows[-1]['sk']['S']}", len(rows), concerned)
            start, last = "", ""
        return None

    def clean(self, name: str, target: Target) -> bool:
        partition, _, sk = name.partition("/")
        key: Any = {"pk": {"S": partition}, "sk": {"S": sk}}
        delete_items("core", [key])
        left: Any = dynamodb().get_item(TableName=table_name("core"), Key=key, ConsistentRead=True).get("Item")
        return left is None or not _mentions(left, target)


def _rows(partition: str, last: str) -> list[Any]:
    answer: Any = dynamodb().query(
        TableName=table_name("core"),
        KeyConditionExpression="pk = :pk AND sk > :last",
        ExpressionAttributeValues={":pk": {"S": partition}, ":last": {"S": last or " "}},
        ConsistentRead=True,
        Limit=_LOOKED_AT,
    )
    return list(answer["Items"])


def _mentions(row: Any, target: Target) -> bool:
    return target.mentioned([row["content"]["S"]], 0)


def personal_data() -> tuple[ClientData, ...]:
    return (Integrations(),)
