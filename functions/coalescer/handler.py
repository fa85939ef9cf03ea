"""SQS worker: requests with few events become blocks, each client's together; partial failures reported."""

import os
from datetime import timedelta
from functools import cache
from os import urandom
from typing import Any

from groundswell.events.coalescer.service import CoalescerService, Message
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.rejections.adapter_writer import DynamoRejections
from groundswell.events.suppressions.lists import SuppressionLists
from groundswell.kernel.clock import utc_now
from groundswell.messaging.batch import Failures
from groundswell.messaging.deadletters import send_to_dlq
from groundswell.observability.log import log
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


@cache
def service() -> CoalescerService:
    writer = DynamoBlockWriter(dynamodb(), table_name("events"), random=lambda: urandom(6).hex())
    fresh_for = timedelta(seconds=int(os.environ["PRINCIPAL_CACHE_SECONDS"]))
    lists = SuppressionLists(dynamodb(), table_name("core"), utc_now, fresh_for)
    rejections = DynamoRejections(dynamodb(), table_name("ephemeral"), lambda: urandom(6).hex(), log.error)
    return CoalescerService(writer, send_to_dlq, utc_now, lists, rejections)


def handler(event: dict[str, Any], _context: object) -> Failures:
    outcome = service().take([Message(record["messageId"], record["body"]) for record in event["Records"]])
    log.info(
        "coalesced",
        extra={
            "messages": len(event["Records"]),
            "events": outcome.events,
            "blocks": outcome.blocks,
            "poison": outcome.poison,
            "again": len(outcome.again),
        },
    )
    return {"batchItemFailures": [{"itemIdentifier": message} for message in outcome.again]}
