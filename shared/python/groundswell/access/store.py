"""Reads callers and owners from DynamoDB: one Query for the user with all roles, one GetItem for the session."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from groundswell.access.adapter_keys import DynamoKeyStore
from groundswell.access.model import ActiveClient, Caller, Role
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


class DynamoRoleStore(DynamoKeyStore):
    """What people and keys may, whether anybody is signed in or not."""

    def active_client(self, client_id: str) -> ActiveClient | None:
        answer = dynamodb().get_item(
            TableName=table_name("core"),
            Key={"pk": {"S": f"CLIENT#{client_id}"}, "sk": {"S": "CLIENT"}},
            ConsistentRead=True,
        )
        item = answer.get("Item")
        if item is None or item["status"]["S"] != "active":
            return None
        return ActiveClient(item["org_id"]["S"], item["timezone"]["S"])

    def person(self, user_id: str, session_id: str = "") -> Caller | None:
        """With today's roles, signed in or not. None when there is none, or it is disabled."""
        items: list[Mapping[str, Any]] = []
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("core"),
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": f"USER#{user_id}"}},
                ConsistentRead=True,
            )
        )
        for page in pages:
            items.extend(page["Items"])
        user = next((item for item in items if item["sk"]["S"] == "USER"), None)
        if user is None or not user["is_active"]["BOOL"]:
            return None
        memberships = [item for item in items if "client_id" in item]
        org_id = user["org_id"]["S"]
        return Caller(
            user_id=user_id,
            org_id=org_id,
            org_role=Role(user["role"]["S"]),
            session_id=session_id,
            email=user["email"]["S"],
            roles={membership["client_id"]["S"]: Role(membership["role"]["S"]) for membership in memberships},
            guest_in=frozenset(
                membership["client_id"]["S"] for membership in memberships if membership["org_id"]["S"] != org_id
            ),
        )


class DynamoAccessStore(DynamoRoleStore):
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def caller(self, user_id: str, session_id: str) -> Caller | None:
        return self.person(user_id, session_id) if self._session_lives(user_id, session_id) else None

    def has_organization(self, org_id: str) -> bool:
        key = {"pk": {"S": f"ORG#{org_id}"}, "sk": {"S": "ORG"}}
        return "Item" in dynamodb().get_item(TableName=table_name("core"), Key=key)

    def lists_origin(self, origin: str, client_id: str | None) -> bool:
        values = {":pk": {"S": f"ORIGIN#{origin}"}, ":sk": {"S": f"CLIENT#{client_id or ''}"}}
        answer = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND " + ("sk = :sk" if client_id else "begins_with(sk, :sk)"),
            ExpressionAttributeValues=values,
            ProjectionExpression="pk",
            Limit=1,
        )
        return bool(answer["Items"])

    def _session_lives(self, user_id: str, session_id: str) -> bool:
        answer = dynamodb().get_item(
            TableName=table_name("ephemeral"),
            Key={"pk": {"S": f"USER#{user_id}"}, "sk": {"S": f"SESSION#{session_id}"}},
            ConsistentRead=True,
        )
        item = answer.get("Item")
        return item is not None and int(item["expires_at"]["N"]) > self._now().timestamp()
