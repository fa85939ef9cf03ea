"""SQS worker: goes on with one operation a message, and tells itself when there is more to do."""

import os
from datetime import timedelta
from functools import cache
from typing import Any

from groundswell.events.erasure.eraser import Eraser
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.rollups.committer import Committer
from groundswell.events.suppressions.service import SuppressionService
from groundswell.events.suppressions.store import DynamoSuppressionStore
from groundswell.kernel.clock import utc_now
from groundswell.messaging.batch import Failures
from groundswell.operations.adapter_worker import go_on
from groundswell.operations.service import Runner
from groundswell.operations.store import DynamoOperationStore
from groundswell.personal_data.adapter_registry import load_personal_data
from groundswell.privacy.erasures.erasure import ErasureJob, Patience
from groundswell.privacy.exports.job import ExportJob
from groundswell.privacy.exports.model import JOB as EXPORT
from groundswell.privacy.exports.store import S3Files
from groundswell.storage.client import dynamodb, s3
from groundswell.storage.settings import bucket_name, table_name

_RESERVE_MS = 60_000  # for the step that is under way
_LONGEST_WORK = timedelta(seconds=330)  # of whoever folds, or takes a cohort: reconcile has 300


@cache
def runner() -> Runner:
    events, features = DynamoEventLog(dynamodb(), table_name("events")), load_personal_data()
    cached = int(os.environ["PRINCIPAL_CACHE_SECONDS"])
    erasure = ErasureJob(
        events,
        Eraser(events, Committer(events, utc_now), utc_now),
        SuppressionService(DynamoSuppressionStore(), utc_now),
        features,
        utc_now,
        Patience(timedelta(seconds=cached + 60), _LONGEST_WORK) if cached else Patience(),
    )
    export = ExportJob(events, features, S3Files(s3(), bucket_name("exports")), utc_now)
    return Runner(DynamoOperationStore("privacy"), {"erasure": erasure, EXPORT: export}, utc_now)


def handler(event: dict[str, Any], context: Any) -> Failures:
    return go_on(event, context, runner, "privacy", reserve_ms=_RESERVE_MS)
