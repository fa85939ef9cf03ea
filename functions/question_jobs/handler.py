"""SQS worker: goes on with one question a message, and tells itself when there is more to do."""

import json
import os
from functools import cache
from typing import Any

from groundswell.analytics.jobs.job import JOB, QuestionJob
from groundswell.archiver.store import S3Objects
from groundswell.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import can_be_id
from groundswell.messaging.batch import Failures, each_message
from groundswell.observability.log import log
from groundswell.operations.service import Runner
from groundswell.operations.store import DynamoOperationStore
from groundswell.storage.client import dynamodb, s3, sqs
from groundswell.storage.settings import bucket_name, queue_url, table_name

_RESERVE_MS = 180_000  # for the step that is under way


@cache
def runner() -> Runner:
    events = DynamoEventLog(dynamodb(), table_name("events"))
    job = QuestionJob(events, S3Objects(s3(), bucket_name("questions")))
    return Runner(DynamoOperationStore("questions"), {JOB: job}, utc_now)


class NoQuestion(ValueError):
    """A message that the outbox did not write."""


def handler(event: dict[str, Any], context: Any) -> Failures:
    last = {record["body"] for record in event["Records"] if _received(record) >= int(os.environ["ATTEMPTS"])}

    def in_time() -> bool:
        return bool(context.get_remaining_time_in_millis() > _RESERVE_MS)

    def handle(body: str) -> None:
        client_id, operation_id = _asked(body)
        wait = runner().run(client_id, operation_id, in_time, last=body in last)
        if wait is not None:
            sqs().send_message(QueueUrl=queue_url("questions"), MessageBody=body, DelaySeconds=wait)
        log.info("question", extra={"operation_id": operation_id, "goes_on_in": wait})

    return each_message(event, handle, poison=(NoQuestion,))


def _received(record: dict[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def _asked(body: str) -> tuple[str, str]:
    """Raises NoQuestion."""
    try:
        said = json.loads(body)
        client_id, operation_id = str(said["client_id"]), str(said["operation_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise NoQuestion(f"{type(error).__name__}: {error}") from error
    if not (can_be_id(client_id) and can_be_id(operation_id)):
        raise NoQuestion("it names no operation")
    return client_id, operation_id
