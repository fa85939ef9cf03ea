"""Searches as personal data: results and pages name persons; goals and strategies name none."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from groundswell.kernel.page import Position
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.search.items import GOAL, PREFIX, GoalItem, goal_pk
from groundswell.storage.client import dynamodb
from groundswell.storage.deletion import delete_items, delete_partition
from groundswell.storage.settings import table_name


class Searches:
    """A person is whose e-mail or phone is in a result, in a page's facts, or in an answer of the search engine."""

    kind = file = "searches"
    prefixes = ()
    places = (f"core {goal_pk('{client}', '')}",)
    forgets = tells = (IdKind.EMAIL, IdKind.PHONE)

    def purge(self, client_id: str) -> Iterator[int]:
        for goal_id in _goals(client_id):
            yield from delete_partition("core", goal_pk(client_id, goal_id))

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """The results of a search have a gap then."""
        for row in _about(client_id, persons):
            delete_items("core", [{"pk": row["pk"], "sk": row["sk"]}])

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002
        rows = _about(client_id, persons)
        return DisclosedRecords([{"found": row["content"]["S"]} for row in rows if "#RESULT#" in row["sk"]["S"]])


def _goals(client_id: str) -> list[str]:
    keys = GoalItem.gsi1sk.startswith(f"{PREFIX}#")
    return [item.id for item in GoalItem.by_gsi1.query(f"CLIENT#{client_id}", keys) if item.sk == GOAL]


def _about(client_id: str, persons: Collection[Identifier]) -> list[Mapping[str, Any]]:
    values = {person.value.lower() for person in persons}
    return [row for goal_id in _goals(client_id) for row in _results(client_id, goal_id) if _names(row, values)]


def _results(client_id: str, goal_id: str) -> Iterator[dict[str, Any]]:
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND begins_with(sk, :run)",
            ExpressionAttributeValues={":pk": {"S": goal_pk(client_id, goal_id)}, ":run": {"S": "RUN#"}},
            ConsistentRead=True,
        )
    )
    for page in pages:
        yield from page["Items"]


def _names(row: Mapping[str, Any], values: Collection[str]) -> bool:
    text = row["content"]["S"].lower()
    return any(value in text for value in values)


def personal_data() -> tuple[ClientData, ...]:
    return (Searches(),)
