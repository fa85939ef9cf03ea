"""What webhooks and consents leave in the ephemeral table.

| pk | sk | what |
|---|---|---|
| `PLATFORMHOOKS#<client>` | `<platform>#<event>` | an event that was heard; expires after 8 days |
| `CONSENT#<hash of its state>` | `CONSENT` | an authorization under way, sealed; expires with it |
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from groundswell.integrations.model import Connection
from groundswell.integrations.oauth import Consent
from groundswell.integrations.store import DynamoSyncStore
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Conflict
from groundswell.schedules.store import set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.client import dynamodb
from groundswell.storage.sealing import KmsSealer
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, write

HOOK_TIMER = "integration.hook"
_REMEMBERED = timedelta(days=8)
"""Stripe tries for three days, Shopify for two."""
_KEY = "credentials"


class _Heard(Conflict):
    """Somebody else heard it at the same moment."""


class DynamoHookStore:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def connection(self, client_id: str, platform: str) -> Connection | None:
        return DynamoSyncStore().connection(client_id, platform)

    def heard(self, client_id: str, platform: str, event_id: str) -> bool:
        key = _hook_key(client_id, platform, event_id)
        return "Item" in dynamodb().get_item(TableName=table_name("ephemeral"), Key=key, ConsistentRead=True)

    def note(self, client_id: str, platform: str, event_id: str, due: datetime | None) -> bool:
        """The event and its timer in one transaction."""
        expires = int((self._now() + _REMEMBERED).timestamp())
        operation = {
            "TableName": table_name("ephemeral"),
            "Item": {**_hook_key(client_id, platform, event_id), "expires_at": {"N": str(expires)}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        changes = [Change({"Put": operation}, _Heard())]
        if due:
            changes.append(set_timer(Timer(client_id, HOOK_TIMER, platform, due, "syncs")))
        try:
            write(changes)
        except _Heard:
            return False
        return True


class DynamoConsents:
    def keep(self, consent: Consent) -> None:
        content = {**asdict(consent), "expires_at": rfc3339(consent.expires_at)}
        name = _hash(consent.state)
        sealed = KmsSealer(_KEY).seal(json.dumps(content).encode(), {"consent": name})
        dynamodb().put_item(
            TableName=table_name("ephemeral"),
            Item={
                **_consent_key(name),
                "sealed": {"S": sealed},
                "expires_at": {"N": str(int(consent.expires_at.timestamp()))},
            },
        )

    def take(self, state: str) -> Consent | None:
        name = _hash(state)
        answer: Any = dynamodb().delete_item(
            TableName=table_name("ephemeral"), Key=_consent_key(name), ReturnValues="ALL_OLD"
        )
        if not answer.get("Attributes"):
            return None
        content = json.loads(KmsSealer(_KEY).open(answer["Attributes"]["sealed"]["S"], {"consent": name}))
        return Consent(**{**content, "expires_at": datetime.fromisoformat(content["expires_at"])})


def hooks_pk(client_id: str) -> str:
    return f"PLATFORMHOOKS#{client_id}"


def _hook_key(client_id: str, platform: str, event_id: str) -> dict[str, Any]:
    return {"pk": {"S": hooks_pk(client_id)}, "sk": {"S": f"{platform}#{event_id}"}}


def _consent_key(name: str) -> dict[str, Any]:
    return {"pk": {"S": f"CONSENT#{name}"}, "sk": {"S": "CONSENT"}}


def _hash(state: str) -> str:
    return sha256(state.encode()).hexdigest()
