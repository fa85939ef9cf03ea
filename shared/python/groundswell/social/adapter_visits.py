"""Visits to networks, in the ephemeral table: each is good once."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from groundswell.social.accounts import Visit
from groundswell.social.items import visit_key
from groundswell.social.model import Network
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


def keep_visit(visit: Visit) -> None:
    content = {name: {"S": str(value)} for name, value in asdict(visit).items() if value is not None}
    row: dict[str, Any] = {**content, **visit_key(visit.id)}
    row["visit_until"] = {"S": visit.expires_at.isoformat()}
    row["expires_at"] = {"N": str(int(visit.expires_at.timestamp()))}
    dynamodb().put_item(TableName=table_name("ephemeral"), Item=row)


def take_visit(visit_id: str) -> Visit | None:
    answer = dynamodb().delete_item(TableName=table_name("ephemeral"), Key=visit_key(visit_id), ReturnValues="ALL_OLD")
    row: Any = answer.get("Attributes")
    if not row:
        return None
    names = ("id", "client_id", "org_id", "actor_id", "verifier")
    return Visit(
        **{name: row[name]["S"] for name in names},
        network=Network(row["network"]["S"]),
        return_url=row["return_url"]["S"] if "return_url" in row else None,
        expires_at=datetime.fromisoformat(row["visit_until"]["S"]),
    )
