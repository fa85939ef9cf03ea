"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): the same request has one effect and one answer.

A claim is one conditional put, keyed by tenant, caller and operation. The answer is kept for 24 h. An answer that shows
a secret is not kept: its repeat says that the work is done. A claim whose request died is free again after its lease.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from botocore.exceptions import ClientError

from groundswell.kernel.errors import Conflict, Invalid, Unprocessable
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

KEPT_SECONDS = 24 * 3600
LEASE_SECONDS = 60  # longer than any function behind the API may run
_LARGEST_KEPT = 300_000  # an item holds 400 KB
_KEY = re.compile(r'"(?P<quoted>[\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|(?P<bare>[\x21\x23-\x7e]{1,255})')


class KeyReused(Unprocessable):
    code = "IDEMPOTENCY_KEY_REUSED"
    message = "This Idempotency-Key was used for a different request: use a new one"


class InFlight(Conflict):
    code = "REQUEST_IN_FLIGHT"
    message = "The first request with this Idempotency-Key is still being carried out: try again"


class AlreadyDone(Conflict):
    code = "ALREADY_DONE"
    message = "This was done before, and its answer held a secret that is shown only once"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Claim:
    pk: str
    token: str


def parse_key(header: str) -> str:
    """A structured-field string (RFC 9651 §3.3.3); unquoted is accepted too. Raises Invalid."""
    match = _KEY.fullmatch(header.strip())
    if not match:
        raise Invalid.on("Idempotency-Key", "1 to 255 printable characters", "format")
    return match["quoted"] or match["bare"]


class IdempotencyStore:
    def __init__(self, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._now = now
        self._new_id = new_id

    def begin(self, scope: str, key: str, fingerprint: str) -> Claim | Answer:
        """Claim the right to carry the request out, or get the answer it had.

        Raises KeyReused (same key, other request), InFlight, AlreadyDone (its answer held a secret).
        """
        claim = Claim(f"IDEMPOTENCY#{sha256(f'{scope}\0{key}'.encode()).hexdigest()}", self._new_id())
        stored = self._put(claim, fingerprint)
        # Our own token stands there when the answer to the put was lost and botocore put again.
        if stored is None or stored["claim"]["S"] == claim.token:
            return claim
        if stored["fingerprint"]["S"] != fingerprint:
            raise KeyReused
        if "status" not in stored:
            raise InFlight
        if "body" not in stored:
            raise AlreadyDone
        return Answer(int(stored["status"]["N"]), json.loads(stored["headers"]["S"]), stored["body"]["S"])

    def finish(self, claim: Claim, answer: Answer, *, secret: bool) -> None:
        """Keep the answer (without its body when `secret`). A claim that was taken over meanwhile is left alone."""
        values: dict[str, Any] = {":status": {"N": str(answer.status)}, ":token": {"S": claim.token}}
        update = "SET #status = :status"
        if not secret and len(answer.body) <= _LARGEST_KEPT:
            update += ", headers = :headers, body = :body"
            values |= {":headers": {"S": json.dumps(answer.headers)}, ":body": {"S": answer.body}}
        self._if_mine(
            lambda: dynamodb().update_item(
                TableName=table_name("ephemeral"),
                Key=_key(claim.pk),
                UpdateExpression=update,
                ConditionExpression="claim = :token",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=values,
            )
        )

    def release(self, claim: Claim) -> None:
        """Forget a request that was refused: it may be corrected and sent again under the same key."""
        self._if_mine(
            lambda: dynamodb().delete_item(
                TableName=table_name("ephemeral"),
                Key=_key(claim.pk),
                ConditionExpression="claim = :token",
                ExpressionAttributeValues={":token": {"S": claim.token}},
            )
        )

    def _put(self, claim: Claim, fingerprint: str) -> dict[str, Any] | None:
        """None when the claim is ours, else what stands there."""
        now = int(self._now().timestamp())
        try:
            dynamodb().put_item(
                TableName=table_name("ephemeral"),
                Item={
                    **_key(claim.pk),
                    "claim": {"S": claim.token},
                    "fingerprint": {"S": fingerprint},
                    "leased_until": {"N": str(now + LEASE_SECONDS)},
                    "expires_at": {"N": str(now + KEPT_SECONDS)},
                },
                ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now OR "
                "(attribute_not_exists(#status) AND leased_until <= :now AND fingerprint = :fingerprint)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={":now": {"N": str(now)}, ":fingerprint": {"S": fingerprint}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            stored: dict[str, Any] = error.response["Item"]  # type: ignore[typeddict-item]  # ALL_OLD puts it there
            return stored
        return None

    @staticmethod
    def _if_mine(call: Callable[[], Any]) -> None:
        try:
            call()
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise


def _key(pk: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": pk}, "sk": {"S": "REQUEST"}}
