"""What this worker does for lead scoring: trains models, scores all leads, and keeps scores current."""

import json
from collections.abc import Callable, Mapping
from functools import cache, partial

from functions.audience_jobs.crossings import crossing_actions
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.kernel.page import Page, Position
from groundswell.leads.store import DynamoLeadStore
from groundswell.observability.log import log
from groundswell.operations.service import Job, OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.schedules.timers import Firing
from groundswell.scoring.adapter_events import ScannedEvents, SeenLeads, event_log
from groundswell.scoring.adapter_leads import LeadScores, StoredLeads
from groundswell.scoring.adapter_wiring import scorers
from groundswell.scoring.crossing import QUEUE, parse_deed
from groundswell.scoring.following import EVENTS, Decay, Follower, Sweep
from groundswell.scoring.model import Subject
from groundswell.scoring.regression.job import TRAIN, TrainJob
from groundswell.scoring.regression.store import DynamoModelStore, S3TrainingRows
from groundswell.scoring.rescoring import RESCORE, RescoreJob
from groundswell.scoring.store import DynamoConfigStore, DynamoSweeps
from groundswell.scoring.subjects import subject_of
from groundswell.storage.client import s3


class _Subjects:
    """Leads as models see them."""

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Subject]:
        return StoredLeads().page(client_id, limit, position).map(subject_of)


@cache
def scoring_jobs() -> Mapping[str, Job]:
    return {
        TRAIN: TrainJob(_Subjects(), S3TrainingRows(s3()), DynamoModelStore(), utc_now),
        RESCORE: RescoreJob(
            StoredLeads(), scorers(), LeadScores(), lambda now: ScannedEvents(event_log(), now), utc_now
        ),
    }


@cache
def _sweep() -> Sweep:
    follower = Follower(scorers(), LeadScores())
    seen = SeenLeads(event_log(), DynamoLeadStore())
    return Sweep(DynamoConfigStore(), seen, StoredLeads(), follower, DynamoSweeps(), utc_now)


@cache
def _decay() -> Decay:
    operations = OperationService(DynamoOperationStore(QUEUE), utc_now, new_id)
    return Decay(DynamoConfigStore(), operations, DynamoSweeps(), utc_now)


def scoring_timer(firing: Firing) -> Callable[[], object]:
    """What to do when it goes off."""
    if firing.kind == EVENTS:
        return partial(_sweep().fire, firing.tenant, firing.payload)
    return partial(_decay().fire, firing.tenant, firing.due, firing.payload)


def on_crossing(body: str) -> None:
    """The end of a task needs nothing done. Raises Invalid."""
    if "event" in json.loads(body):
        return
    deed = parse_deed(body)
    crossing_actions().do(deed)
    log.info("crossing", extra={"number": deed.number})  # whose it is, the message says
