"""SQS worker: goes on with one question, one large cohort or one statement of SQL a message, and tells itself when
there is more to do."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.question_jobs.reports import REPORT, LateReport
from groundswell.analytics.cohorts.job import CohortJob
from groundswell.analytics.cohorts.model import JOB as COHORT
from groundswell.analytics.cohorts.store import DynamoCohortStore
from groundswell.analytics.engine.adapter_slow import watched
from groundswell.analytics.engine.adapter_wiring import answering, question_job, sql_job
from groundswell.analytics.engine.service import JOB as SQL
from groundswell.analytics.engine.service import QUESTION
from groundswell.events.archiver.store import S3Objects
from groundswell.kernel.clock import utc_now
from groundswell.messaging.batch import Failures
from groundswell.operations.adapter_worker import go_on
from groundswell.operations.model import Operation
from groundswell.operations.service import Job, Runner
from groundswell.operations.store import DynamoOperationStore
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name

_RESERVE_MS = 180_000  # for the step that is under way


class Watched:
    """A job whose long steps are told of."""

    def __init__(self, job: Job, name: str) -> None:
        self._job = job
        self._name = name

    def step(self, operation: Operation) -> Operation:
        with watched(f"worker.{self._name}"):
            return self._job.step(operation)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return self._job.outcome(operation)


@cache
def runner() -> Runner:
    kept = S3Objects(s3(), bucket_name("questions"))
    lists = DynamoCohortStore()
    answerer = answering(lists.everybody)
    jobs: dict[str, Job] = {
        QUESTION: question_job(answerer, kept),
        COHORT: CohortJob(answerer, kept, lists, utc_now),
        SQL: sql_job(answerer, kept),
        REPORT: LateReport(kept),
    }
    jobs = {name: Watched(job, name) for name, job in jobs.items()}
    return Runner(DynamoOperationStore("questions"), jobs, utc_now)


def handler(event: dict[str, Any], context: Any) -> Failures:
    return go_on(event, context, runner, "questions", reserve_ms=_RESERVE_MS)
