"""What a sign-in reads (one BatchGetItem) and writes (one transaction)."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from groundswell.audit.model import Entry
from groundswell.storage.client import dynamodb
from groundswell.storage.mapper import from_item
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, check_version, put, write
from groundswell.tenancy.auth.adapter_factors import FactorItem, factor_item, factor_key
from groundswell.tenancy.auth.adapter_sessions import begin_row, note_row
from groundswell.tenancy.auth.backoff import Overtaken, Tries
from groundswell.tenancy.auth.factor import SecondFactor, WrongCode
from groundswell.tenancy.auth.items import CredentialItem, UserItem, credential_item, tries_key
from groundswell.tenancy.auth.model import Credential, Session, WrongCredentials
from groundswell.tenancy.auth.signin import Admission, Known

_FAILURES_KEPT = 3600


class DynamoSignInStore:
    def look_up(self, email: str, lanes: Sequence[str]) -> Known:
        core, ephemeral = table_name("core"), table_name("ephemeral")
        keys = [_core_key(f"EMAIL#{email}", "EMAIL"), _core_key(*factor_key(email))]
        answer = dynamodb().batch_get_item(
            RequestItems={
                core: _consistent(keys),
                **({ephemeral: _consistent([tries_key(email, lane) for lane in lanes])} if lanes else {}),
            }
        )
        if answer.get("UnprocessedKeys"):
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "unprocessed keys"}}, "BatchGetItem")
        rows: dict[str, dict[str, Any]] = {row["sk"]["S"]: row for rows in answer["Responses"].values() for row in rows}
        credential, factor = rows.get("EMAIL"), rows.get("TOTP")
        return Known(
            email=email,
            credential=from_item(Credential, CredentialItem.from_raw_data(credential)) if credential else None,
            factor=from_item(SecondFactor, FactorItem.from_raw_data(factor)) if factor else None,
            tries=tuple(_tries(email, lane, rows.get(lane)) for lane in lanes),
        )

    def refuse(self, tries: Tries, at_ms: int, entry: Entry) -> None:
        write([_count(tries, at_ms), note_row(entry)])

    def confirm(self, tries: Tries) -> None:
        response = dynamodb().get_item(
            TableName=table_name("ephemeral"), Key=tries_key(tries.email, tries.lane), ConsistentRead=True
        )
        if _tries(tries.email, tries.lane, response.get("Item")) != tries:
            raise Overtaken

    def admit(self, admission: Admission) -> None:
        writes = [begin_row(admission.session), _admitted(admission.session), *map(note_row, admission.entries)]
        if admission.rehashed:
            writes.append(put(credential_item(admission.rehashed), WrongCredentials()))
        elif admission.credential:
            read = admission.credential
            writes.append(check_version(f"EMAIL#{read.email}", "EMAIL", read.version, WrongCredentials()))
        if admission.spent:
            writes.append(put(factor_item(admission.spent), WrongCode()))
        write([*writes, _forget(admission.tries)])


def _admitted(session: Session) -> Change:
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
    return Change({"Update": update}, WrongCredentials())


def _count(tries: Tries, at_ms: int) -> Change:
    condition, values = _as_read(tries)
    update = {
        "TableName": table_name("ephemeral"),
        "Key": tries_key(tries.email, tries.lane),
        "UpdateExpression": "SET failures = :failures, failed_at = :at, expires_at = :expires",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values
        | {
            ":failures": {"N": str(tries.failures + 1)},
            ":at": {"N": str(at_ms)},
            ":expires": {"N": str(at_ms // 1000 + _FAILURES_KEPT)},
        },
    }
    return Change({"Update": update}, Overtaken())


def _forget(tries: Tries) -> Change:
    """What is not there is not deleted: then it must not have come to be there either."""
    condition, values = _as_read(tries)
    operation = {
        "TableName": table_name("ephemeral"),
        "Key": tries_key(tries.email, tries.lane),
        "ConditionExpression": condition,
        **({"ExpressionAttributeValues": values} if values else {}),
    }
    return Change({"Delete" if tries.failures else "ConditionCheck": operation}, Overtaken())


def _as_read(tries: Tries) -> tuple[str, dict[str, Any]]:
    if not tries.failures:
        return "attribute_not_exists(pk)", {}
    return "failures = :read", {":read": {"N": str(tries.failures)}}


def _tries(email: str, lane: str, row: Mapping[str, Any] | None) -> Tries:
    return Tries(email, lane, int(row["failures"]["N"]), int(row["failed_at"]["N"])) if row else Tries(email, lane)


def _core_key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _consistent(keys: list[dict[str, Any]]) -> Any:
    return {"Keys": keys, "ConsistentRead": True}
