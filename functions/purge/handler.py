"""Daily: deletes for good what clients left behind that were deleted more than 14 days ago."""

from functools import cache
from typing import Any

from groundswell.analytics.questions.privacy import AnswerPurger
from groundswell.events.archiver.privacy import ArchivePurger
from groundswell.events.archiver.store import S3Objects
from groundswell.events.eventlog.privacy import EventEraser
from groundswell.kernel.clock import utc_now
from groundswell.messaging.deadline import has_time_left
from groundswell.observability.log import log
from groundswell.observability.metrics import metric
from groundswell.privacy.exports.store import ExportPurger, S3Files
from groundswell.schedules.privacy import TimerEraser
from groundswell.schedules.store import DynamoRuns
from groundswell.storage.client import s3
from groundswell.storage.settings import bucket_name
from groundswell.tenancy.purge.adapter_erasers import ListedEraser
from groundswell.tenancy.purge.service import PurgeService
from groundswell.tenancy.purge.store import DynamoPurgeStore
from groundswell.webhooks.privacy import WebhookEraser

_RESERVE_MS = 30_000  # for the page that is under way, and for saying goodbye
_LEASE_SECONDS = 900  # as long as the function may run


@cache
def service() -> PurgeService:
    erasers = (
        TimerEraser(),  # first: nothing more is set off meanwhile
        ListedEraser("api_keys", "KEY#"),
        ListedEraser("origins", "ORIGIN#"),
        ListedEraser("memberships", "MEMBER#"),
        ListedEraser("invitations", "INVITATION#"),
        ListedEraser("wallets", "WALLET#"),
        ListedEraser("suppressions", "SUPPRESSED#"),
        ListedEraser("operations", "OPERATION#"),
        ListedEraser("cohorts", "COHORT#"),
        ListedEraser("notifications", "NOTIFICATION#"),
        EventEraser(),
        ArchivePurger(S3Objects(s3(), bucket_name("archive"))),
        AnswerPurger(S3Objects(s3(), bucket_name("questions"))),
        ExportPurger(S3Files(s3(), bucket_name("exports"))),
        WebhookEraser(),
    )
    return PurgeService(DynamoPurgeStore(), erasers, utc_now)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One effect per due time. What a round does not get to is the next one's."""
    runs = DynamoRuns(utc_now)
    if not runs.begin("purge", event["due"], _LEASE_SECONDS):
        log.info("already done", extra={"due": event["due"]})
        return {"done": False}
    purged, finished = service().run(has_time_left(context, _RESERVE_MS))
    runs.finish("purge", event["due"])
    metric("ClientsPurged", purged, service="purge")
    log.info("purged", extra={"due": event["due"], "clients": purged, "finished": finished})
    return {"done": True, "clients": purged, "finished": finished}
