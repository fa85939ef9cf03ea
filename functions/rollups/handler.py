"""Consumes the stream of the events table: new blocks are committed and folded into rollups."""

import json
from base64 import b64decode
from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.service import Poison, Record, RollupService
from groundswell.kernel.clock import utc_now
from groundswell.messaging.deadletters import send_to_dlq
from groundswell.observability.log import log
from groundswell.observability.metrics import metric
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


class QueueQuarantine:
    """Dead letters with their reason. The block itself stays in the table, under the key that the letter names."""

    def put(self, poison: Poison) -> None:
        send_to_dlq(json.dumps({"pk": poison.pk, "sk": poison.sk}), poison.reason)


@cache
def service() -> RollupService:
    committer = Committer(DynamoEventLog(dynamodb(), table_name("events")), utc_now)
    return RollupService(committer, QueueQuarantine(), outages=(BotoCoreError, ClientError))


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Reports where to go on: everything from the first record that has to be offered again. Repeats are harmless."""
    records = [_record(record) for record in event["Records"] if record["eventName"] != "REMOVE"]
    outcome = service().take(records)
    if outcome.poison:
        metric("BlocksQuarantined", outcome.poison, service="rollups")
    log.info("blocks", extra={"blocks": len(records), "new_events": outcome.fresh, "again": len(outcome.again)})
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence in outcome.again]}


def _record(record: Mapping[str, Any]) -> Record:
    change = record["dynamodb"]
    data = change.get("NewImage", {}).get("d", {}).get("B", "")
    return Record(change["SequenceNumber"], change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"], _binary(data))


def _binary(data: str | bytes) -> bytes:
    """A record without a readable image has an empty block, which is quarantined."""
    try:
        return b64decode(data, validate=True)
    except ValueError:
        return b""
