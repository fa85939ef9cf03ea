"""SQS worker: goes on with one question a message, and tells itself when there is more to do."""

import json
from functools import cache
from typing import Any

from groundswell.analytics.jobs.job import JOB, QuestionJob
from groundswell.archiver.store import S3Objects
from groundswell.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import utc_now
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


def handler(event: dict[str, Any], context: Any) -> Failures:
    def in_time() -> bool:
        return bool(context.get_remaining_time_in_millis() > _RESERVE_MS)

    def handle(body: str) -> None:
        said = json.loads(body)
        wait = runner().run(said["client_id"], said["operation_id"], in_time)
        if wait is not None:
            sqs().send_message(QueueUrl=queue_url("questions"), MessageBody=body, DelaySeconds=wait)
        log.info("question", extra={"operation_id": said["operation_id"], "goes_on_in": wait})

    return each_message(event, handle, poison=(ValueError, KeyError))
