"""Outcomes in the ephemeral table: one item a service.

A process writes when the outcome changes, and once a minute while it stays: that many writes, however many the calls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from groundswell.observability.log import log
from groundswell.outbound.outcomes import Outcome
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_KEPT = timedelta(days=7)
_NOTED_EVERY = timedelta(minutes=1)
_SERVICES_AT_MOST = 100
_PK = "OUTBOUND#OUTCOME"


@dataclass(frozen=True)
class _Noted:
    error: str | None
    at: datetime


class DynamoOutcomes:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._noted: dict[str, _Noted] = {}

    def note(self, service: str, error: str | None) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        now, before = self._now(), self._noted.get(service)
        if before and before.error == error and now - before.at < _NOTED_EVERY:
            return
        self._noted[service] = _Noted(error, now)
        try:
            _write(service, error, now)
        except (ClientError, BotoCoreError) as failure:
            log.warning("outcome is not noted", extra={"service": service, "reason": type(failure).__name__})

    def read(self) -> tuple[Outcome, ...]:
        """Of all services of the last seven days."""
        items = dynamodb().query(
            TableName=table_name("ephemeral"),
            KeyConditionExpression="pk = :pk",
            FilterExpression="expires_at > :now",
            ExpressionAttributeValues={":pk": {"S": _PK}, ":now": {"N": str(int(self._now().timestamp()))}},
            Limit=_SERVICES_AT_MOST,
        )["Items"]
        return tuple(_outcome(item) for item in items)


def _write(service: str, error: str | None, now: datetime) -> None:
    """The last error stays when a call goes well again."""
    values = {":at": now.timestamp(), ":expires": int((now + _KEPT).timestamp())}
    update = "SET #at = :at, expires_at = :expires, reachable = :reachable"
    every: dict[str, Any] = {name: {"N": str(value)} for name, value in values.items()}
    every[":reachable"] = {"BOOL": error is None}
    if error is not None:
        update += ", last_error = :error, last_error_at = :at"
        every[":error"] = {"S": error[:100]}
    dynamodb().update_item(
        TableName=table_name("ephemeral"),
        Key={"pk": {"S": _PK}, "sk": {"S": service}},
        UpdateExpression=update,
        ExpressionAttributeNames={"#at": "at"},
        ExpressionAttributeValues=every,
    )


def _outcome(item: dict[str, Any]) -> Outcome:
    return Outcome(
        service=item["sk"]["S"],
        reachable=item["reachable"]["BOOL"],
        at=_time(item["at"]),
        last_error=item["last_error"]["S"] if "last_error" in item else None,
        last_error_at=_time(item["last_error_at"]) if "last_error_at" in item else None,
    )


def _time(value: dict[str, str]) -> datetime:
    return datetime.fromtimestamp(float(value["N"]), UTC)
