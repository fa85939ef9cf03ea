"""What a sign-in reads (one BatchGetItem) and writes (one transaction)."""

from typing import Any

from botocore.exceptions import ClientError

from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.storage.client import dynamodb
from groundswell.storage.core import connect, put
from groundswell.storage.mapper import from_item
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Write, delete_row, transact, unchanged, versioned
from groundswell.tenancy.auth.factor import SecondFactor, WrongCode
from groundswell.tenancy.auth.factor_store import FactorItem, factor_item, factor_key
from groundswell.tenancy.auth.items import CredentialItem, UserItem, credential_item
from groundswell.tenancy.auth.model import Credential, Session, WrongCredentials
from groundswell.tenancy.auth.sessions import begin_row, note_row
from groundswell.tenancy.auth.signin import Admission, Known

_FAILURES_KEPT = 3600


class DynamoSignInStore:
    def look_up(self, email: str) -> Known:
        connect()  # before items are made of rows
        core, ephemeral = table_name("core"), table_name("ephemeral")
        keys = [_core_key(f"EMAIL#{email}", "EMAIL"), _core_key(*factor_key(email))]
        answer = dynamodb().batch_get_item(
            RequestItems={
                core: {"Keys": keys, "ConsistentRead": True},
                ephemeral: {"Keys": [_failures_key(email)], "ConsistentRead": True},
            }
        )
        if answer.get("UnprocessedKeys"):
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "unprocessed keys"}}, "BatchGetItem")
        rows: dict[str, dict[str, Any]] = {row["sk"]["S"]: row for rows in answer["Responses"].values() for row in rows}
        credential, factor, failures = rows.get("EMAIL"), rows.get("TOTP"), rows.get("SIGN_IN")
        return Known(
            email=email,
            credential=from_item(Credential, CredentialItem.from_raw_data(credential)) if credential else None,
            factor=from_item(SecondFactor, FactorItem.from_raw_data(factor)) if factor else None,
            failures=int(failures["failures"]["N"]) if failures else 0,
            failed_at_ms=int(failures["failed_at"]["N"]) if failures else 0,
        )

    def refuse(self, email: str, at_ms: int, entry: Entry) -> None:
        transact([_count(email, at_ms), note_row(entry)])

    def admit(self, admission: Admission) -> None:
        writes = [begin_row(admission.session), _admitted(admission.session), *map(note_row, admission.entries)]
        if admission.rehashed:
            writes.append(versioned(put(credential_item(admission.rehashed), WrongCredentials())))
        elif admission.credential:
            read = admission.credential
            writes.append(unchanged(f"EMAIL#{read.email}", "EMAIL", read.version, WrongCredentials()))
        if admission.spent:
            writes.append(versioned(put(factor_item(admission.spent), WrongCode())))
        if admission.forgiven:
            writes.append(delete_row("ephemeral", _failures_key(admission.forgiven)))
        transact(writes)


def _admitted(session: Session) -> Write:
    update = {
        "TableName": table_name("core"),
        "Key": _core_key(f"USER#{session.user_id}", "USER"),
        "UpdateExpression": "SET last_login = :at",
        "ConditionExpression": "is_active = :yes",
        "ExpressionAttributeValues": {
            ":at": {"S": UserItem.last_login.serialize(session.created_at)},  # type: ignore[no-untyped-call]  # pynamodb
            ":yes": {"BOOL": True},
        },
    }
    return Write({"Update": update}, WrongCredentials())


def _count(email: str, at_ms: int) -> Write:
    update = {
        "TableName": table_name("ephemeral"),
        "Key": _failures_key(email),
        "UpdateExpression": "ADD failures :one SET failed_at = :at, expires_at = :expires",
        "ExpressionAttributeValues": {
            ":one": {"N": "1"},
            ":at": {"N": str(at_ms)},
            ":expires": {"N": str(at_ms // 1000 + _FAILURES_KEPT)},
        },
    }
    return Write({"Update": update}, PreconditionFailed())


def _core_key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _failures_key(email: str) -> dict[str, Any]:
    return {"pk": {"S": f"FAILURES#{email}"}, "sk": {"S": "SIGN_IN"}}
