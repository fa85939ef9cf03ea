"""SQS worker: goes on with one operation a message, and tells itself when there is more to do."""

import os
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from os import urandom
from typing import Any

from groundswell.analytics.cohorts.service import CohortService
from groundswell.analytics.cohorts.store import DynamoCohortStore
from groundswell.analytics.questions.jobs.job import forget
from groundswell.analytics.wallets.service import WalletService
from groundswell.analytics.wallets.store import DynamoWalletStore
from groundswell.events.archiver.erasure import ArchiveEraser
from groundswell.events.archiver.store import DynamoArchiveProgress, S3Objects
from groundswell.events.erasure.eraser import Eraser
from groundswell.events.eventlog.identifiers import Identifier, IdKind
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.people.service import PeopleService
from groundswell.events.rejections.adapter_eraser import VerdictEraser
from groundswell.events.rejections.service import VerdictService
from groundswell.events.rejections.store import DynamoVerdicts
from groundswell.events.rollups.committer import Committer
from groundswell.events.suppressions.service import SuppressionService
from groundswell.events.suppressions.store import DynamoSuppressionStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.messaging.batch import Failures
from groundswell.operations.adapter_worker import go_on
from groundswell.operations.service import OperationService, Runner
from groundswell.operations.store import DynamoOperationStore
from groundswell.privacy.erasures.erasure import ErasureJob, Patience
from groundswell.privacy.erasures.stalled_operations import StalledOperations
from groundswell.privacy.exports.erasable import ErasableExports
from groundswell.privacy.exports.job import ExportJob
from groundswell.privacy.exports.lists import Lists
from groundswell.privacy.exports.model import JOB as EXPORT
from groundswell.privacy.exports.store import S3Files
from groundswell.storage.client import dynamodb, s3
from groundswell.storage.settings import bucket_name, table_name

_RESERVE_MS = 60_000  # for the step that is under way
_LONGEST_WORK = timedelta(seconds=330)  # of whoever folds, or takes a cohort: reconcile has 300


class _Lists:
    """Who is who, cohorts, proofs of wallets, and answers to questions."""

    def __init__(
        self, people: PeopleService, cohorts: CohortService, wallets: WalletService, answers: S3Objects
    ) -> None:
        self._people = people
        self.cohorts = cohorts
        self.wallets = wallets
        self._answers = answers

    def forget(self, client_id: str, identifiers: Sequence[Identifier]) -> None:
        self._people.forget(client_id, identifiers)
        self.cohorts.forget(client_id, [each.value for each in identifiers])
        for each in identifiers:
            if each.kind is IdKind.USER:
                self.wallets.forget(client_id, each.value)
            if each.kind is IdKind.WALLET:
                self.wallets.forget_wallet(client_id, each.value)

    def forget_answers(self, client_id: str) -> None:
        forget(self._answers, client_id)


@cache
def runner() -> Runner:
    table = table_name("events")
    events = DynamoEventLog(dynamodb(), table)
    operations, files = DynamoOperationStore("privacy"), S3Files(s3(), bucket_name("exports"))
    cached = int(os.environ["PRINCIPAL_CACHE_SECONDS"])
    lists = _Lists(
        PeopleService(events),
        CohortService(events, DynamoCohortStore(), OperationService(operations, utc_now, new_id), utc_now, new_id),
        WalletService(DynamoWalletStore(), utc_now, lambda: urandom(12).hex()),
        S3Objects(s3(), bucket_name("questions")),
    )
    job = ErasureJob(
        events,
        Eraser(events, Committer(events, utc_now), utc_now),
        SuppressionService(DynamoSuppressionStore(), utc_now),
        {
            "archive": ArchiveEraser(DynamoArchiveProgress(dynamodb(), table), S3Objects(s3(), bucket_name("archive"))),
            "rejections": VerdictEraser(dynamodb(), table_name("ephemeral"), utc_now),
            "exports": ErasableExports(operations, files, utc_now),
            "operations": StalledOperations(operations, utc_now),
        },
        lists,
        utc_now,
        Patience(timedelta(seconds=cached + 60), _LONGEST_WORK) if cached else Patience(),
    )
    return Runner(operations, {"erasure": job, EXPORT: _export_job(events, files, lists)}, utc_now)


def _export_job(events: DynamoEventLog, files: S3Files, lists: _Lists) -> ExportJob:
    verdicts = VerdictService(DynamoVerdicts(dynamodb(), table_name("ephemeral")), utc_now)
    suppressions = SuppressionService(DynamoSuppressionStore(), utc_now)
    return ExportJob(events, Lists(verdicts, suppressions, lists.wallets, lists.cohorts), files, utc_now)


def handler(event: dict[str, Any], context: Any) -> Failures:
    return go_on(event, context, runner, "privacy", reserve_ms=_RESERVE_MS)
