"""Sign-ins under way in the ephemeral table, identities in the core table.

| table | pk | sk | what |
|---|---|---|---|
| ephemeral | `GOOGLE#<state hash>` | `ATTEMPT` | a sign-in on its way, whatever the provider |
| ephemeral | `GOOGLE#<code hash>` | `HANDOVER` | tokens that wait to be fetched, likewise |
| core | `<PROVIDER>#<subject>` | `IDENTITY` | whose it is; its key makes the subject unique |
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.storage.client import dynamodb
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item
from groundswell.storage.reading import find
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import delete, put, write
from groundswell.tenancy.auth.adapter_factors import factor_item
from groundswell.tenancy.auth.adapter_sessions import end_rows, note_row
from groundswell.tenancy.auth.adapter_signin import DynamoSignInStore
from groundswell.tenancy.auth.factor import SecondFactor
from groundswell.tenancy.auth.items import credential_item, user_item
from groundswell.tenancy.auth.model import Credential, User
from groundswell.tenancy.auth.openid.model import Attempt, Handover, Identity
from groundswell.tenancy.auth.openid.providers import GOOGLE
from groundswell.tenancy.auth.signin import Known
from groundswell.tenancy.auth.store import ENDED_AT_ONCE


class IdentityItem(CoreItem):
    subject = UnicodeAttribute()
    user_id = UnicodeAttribute()
    linked_at = UTCDateTimeAttribute()
    provider = UnicodeAttribute(default=GOOGLE.name)


def identity_item(identity: Identity) -> IdentityItem:
    return to_item(
        IdentityItem, identity, _identity_key(identity.provider, identity.subject), "IDENTITY", kind="identity"
    )


def _identity_key(provider: str, subject: str) -> str:
    return f"{provider.upper()}#{subject}"


class DynamoIdentityStore:
    def identity(self, provider: str, subject: str) -> Identity | None:
        return find(Identity, IdentityItem, _identity_key(provider, subject), "IDENTITY")

    def look_up(self, email: str) -> Known:
        return DynamoSignInStore().look_up(email, ())

    def add(self, identity: Identity, entry: Entry) -> None:
        write([put(identity_item(identity)), note(entry)])

    def take_over(
        self,
        identity: Identity,
        user: User,
        credential: Credential,
        factor: SecondFactor | None,
        entry: Entry,
        ended: Sequence[str],
    ) -> None:
        changes = [put(identity_item(identity)), put(user_item(user)), put(credential_item(credential))]
        if factor:
            changes.append(delete(factor_item(factor)))
        write([*changes, note_row(entry), *end_rows(user.id, ended[:ENDED_AT_ONCE])])


class DynamoAttemptStore:
    def begin(self, attempt: Attempt) -> None:
        _put(attempt.state_hash, "ATTEMPT", attempt.ends_at, asdict(attempt))

    def take_attempt(self, state_hash: str) -> Attempt | None:
        attributes = _take(state_hash, "ATTEMPT")
        return Attempt(**attributes) if attributes else None

    def hand_over(self, handover: Handover) -> None:
        _put(handover.code_hash, "HANDOVER", handover.ends_at, asdict(handover))

    def take_handover(self, code_hash: str) -> Handover | None:
        attributes = _take(code_hash, "HANDOVER")
        return Handover(**attributes) if attributes else None


def _put(name: str, kind: str, ends_at: datetime, values: dict[str, Any]) -> None:
    body = json.dumps(values | {"ends_at": ends_at.timestamp()})
    expires = {"N": str(int(ends_at.timestamp()) + 1)}
    item: dict[str, Any] = {**_key(name, kind), "body": {"S": body}, "expires_at": expires}
    dynamodb().put_item(TableName=table_name("ephemeral"), Item=item)


def _take(name: str, kind: str) -> dict[str, Any] | None:
    answer = dynamodb().delete_item(TableName=table_name("ephemeral"), Key=_key(name, kind), ReturnValues="ALL_OLD")
    if "Attributes" not in answer:
        return None
    values: dict[str, Any] = json.loads(answer["Attributes"]["body"]["S"])
    return values | {"ends_at": datetime.fromtimestamp(values["ends_at"], UTC)}


def _key(name: str, kind: str) -> dict[str, Any]:
    return {"pk": {"S": f"GOOGLE#{name}"}, "sk": {"S": kind}}
