"""SQS worker: goes on with one operation a message, and tells itself when there is more to do."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from functions.audience_jobs.late import RESCORE, SCORING_TIMERS, TRAIN, LateJob, is_about_scores
from groundswell.audience.exports.job import JOB as EXPORT
from groundswell.audience.imports.model import JOB as IMPORT
from groundswell.audience.lists import REMOVAL
from groundswell.audience.segments.adapter_events import LoggedEvents
from groundswell.audience.segments.job import HourlyRefresh, RefreshJob
from groundswell.audience.segments.keeping import Refresher
from groundswell.audience.segments.model import REFRESH
from groundswell.audience.segments.store import EVERY, QUEUE, TIMER, DynamoSegmentStore
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid
from groundswell.leads.store import DynamoLeadStore
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.operations.adapter_worker import go_on
from groundswell.operations.service import Job, Runner
from groundswell.operations.store import DynamoOperationStore
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing
from groundswell.storage.client import dynamodb, s3
from groundswell.storage.settings import table_name

_RESERVE_MS = 60_000  # for the step that is under way
_LEASE_SECONDS = 300


@cache
def refresher() -> Refresher:
    events = LoggedEvents(DynamoEventLog(dynamodb(), table_name("events")), patient=True)
    return Refresher(DynamoLeadStore(), events, utc_now)


@cache
def hourly() -> HourlyRefresh:
    return HourlyRefresh(DynamoSegmentStore(), refresher(), utc_now, EVERY)


@cache
def runner() -> Runner:
    jobs: dict[str, Job] = {
        REMOVAL: LateJob(_removal),
        IMPORT: LateJob(_import),
        REFRESH: RefreshJob(DynamoSegmentStore(), refresher(), utc_now),
        EXPORT: LateJob(_export),
        TRAIN: LateJob(partial(_of_scoring, TRAIN)),
        RESCORE: LateJob(partial(_of_scoring, RESCORE)),
    }
    return Runner(DynamoOperationStore(QUEUE), jobs, utc_now)


def _removal() -> Job:
    from groundswell.audience.removal import RemovalJob
    from groundswell.audience.store import DynamoListStore, DynamoMemberStore

    return RemovalJob(DynamoListStore(), DynamoMemberStore(), utc_now)


def _import() -> Job:
    from groundswell.audience.exports.adapter_wiring import file_links
    from groundswell.audience.imports.job import ImportJob
    from groundswell.audience.imports.store import DynamoImportedLeads, S3ImportFiles

    return ImportJob(S3ImportFiles(s3()), DynamoImportedLeads(), file_links(), utc_now)


def _export() -> Job:
    from groundswell.audience.exports.adapter_wiring import file_links
    from groundswell.audience.exports.job import ExportJob
    from groundswell.audience.exports.store import S3LeadFiles

    return ExportJob(DynamoLeadStore(), S3LeadFiles(s3()), file_links(), rfc3339)


def _of_scoring(name: str) -> Job:
    from functions.audience_jobs.scoring import scoring_jobs

    return scoring_jobs()[name]


def handler(event: dict[str, Any], context: Any) -> Failures:
    """Operations, timers of segments and scores, and crossings of scores' thresholds."""
    operations = [record for record in event["Records"] if "operation_id" in record["body"]]
    timers = [record for record in event["Records"] if record not in operations]
    gone_on = go_on({"Records": operations}, context, runner, QUEUE, reserve_ms=_RESERVE_MS)
    fired = handle_messages({"Records": timers}, _fire, poison=(Invalid,))
    return {"batchItemFailures": [*gone_on["batchItemFailures"], *fired["batchItemFailures"]]}


def _fire(body: str) -> None:
    if is_about_scores(body):
        from functions.audience_jobs.scoring import on_crossing  # tasks and lists cost a cold start

        on_crossing(body)
        return
    firing = parse_firing(body)
    work = _timer(firing)
    due = rfc3339(firing.due)
    done = run_once(DynamoRuns(utc_now), firing.name, due, _LEASE_SECONDS, work)
    log.info("timer", extra={"timer": firing.name, "due": due, "done": done})


def _timer(firing: Firing) -> Callable[[], object]:
    """Raises Invalid."""
    if firing.kind in SCORING_TIMERS:
        from functions.audience_jobs.scoring import scoring_timer  # the log of events costs a cold start

        return scoring_timer(firing)
    if firing.kind != TIMER:
        raise Invalid.on("kind", "no timer of a segment or of scores")
    return partial(hourly().fire, firing.tenant, firing.key)
