"""SQS worker: goes on with one operation a message, and tells itself when there is more to do."""

from functools import cache
from typing import Any

from groundswell.audience.adapter_wiring import QUEUE, file_links
from groundswell.audience.exports.job import JOB as EXPORT
from groundswell.audience.exports.job import ExportJob
from groundswell.audience.exports.store import S3LeadFiles
from groundswell.audience.imports.job import ImportJob
from groundswell.audience.imports.model import JOB as IMPORT
from groundswell.audience.imports.store import DynamoImportedLeads, S3ImportFiles
from groundswell.audience.lists import REMOVAL
from groundswell.audience.removal import RemovalJob
from groundswell.audience.store import DynamoListStore, DynamoMemberStore
from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.leads.store import DynamoLeadStore
from groundswell.messaging.batch import Failures
from groundswell.operations.adapter_worker import go_on
from groundswell.operations.service import Job, Runner
from groundswell.operations.store import DynamoOperationStore
from groundswell.storage.client import s3

_RESERVE_MS = 60_000  # for the step that is under way


@cache
def runner() -> Runner:
    jobs: dict[str, Job] = {
        REMOVAL: RemovalJob(DynamoListStore(), DynamoMemberStore(), utc_now),
        IMPORT: ImportJob(S3ImportFiles(s3()), DynamoImportedLeads(), file_links(), utc_now),
        EXPORT: ExportJob(DynamoLeadStore(), S3LeadFiles(s3()), file_links(), rfc3339),
    }
    return Runner(DynamoOperationStore(QUEUE), jobs, utc_now)


def handler(event: dict[str, Any], context: Any) -> Failures:
    return go_on(event, context, runner, QUEUE, reserve_ms=_RESERVE_MS)
