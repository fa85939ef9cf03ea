"""Bots as personal data: of a client, and, in the log of updates, of who wrote to them."""

import json
from collections.abc import Collection
from typing import Any

from groundswell.bots.adapter_log import log_pk
from groundswell.bots.items import bots_pk
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.adapter_partitions import Partitions
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData
from groundswell.storage.client import dynamodb
from groundswell.storage.deletion import delete_items
from groundswell.storage.settings import table_name


class Bots(Partitions):
    """What the log has of a chat is deleted; conversations are those of `chat`."""

    forgets = (IdKind.TELEGRAM,)

    def __init__(self) -> None:
        super().__init__("bots", f"core {bots_pk('{client}')}", f"ephemeral {log_pk('{client}')}")

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        chats = {person.value for person in persons}
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("ephemeral"),
                KeyConditionExpression="pk = :pk",
                FilterExpression="attribute_exists(content)",
                ExpressionAttributeValues={":pk": {"S": log_pk(client_id)}},
            )
        )
        for page in pages:
            delete_items("ephemeral", [_key(row) for row in page["Items"] if _chat(row) in chats])


def _chat(row: Any) -> str:
    return str(json.loads(row["content"]["S"])["chat_id"])


def _key(row: Any) -> dict[str, Any]:
    return {"pk": row["pk"], "sk": row["sk"]}


def personal_data() -> tuple[ClientData, ...]:
    return (Listed("bot_keys", "BOTKEY#", "BOTACCOUNT#"), Bots())
