"""SQS worker: goes on with one operation a message, and tells itself when there is more to do."""

from functools import cache
from typing import Any

from groundswell.audience.adapter_wiring import QUEUE
from groundswell.audience.lists import REMOVAL
from groundswell.audience.removal import RemovalJob
from groundswell.audience.store import DynamoListStore, DynamoMemberStore
from groundswell.kernel.clock import utc_now
from groundswell.messaging.batch import Failures
from groundswell.operations.adapter_worker import go_on
from groundswell.operations.service import Runner
from groundswell.operations.store import DynamoOperationStore

_RESERVE_MS = 60_000  # for the step that is under way


@cache
def runner() -> Runner:
    jobs = {REMOVAL: RemovalJob(DynamoListStore(), DynamoMemberStore(), utc_now)}
    return Runner(DynamoOperationStore(QUEUE), jobs, utc_now)


def handler(event: dict[str, Any], context: Any) -> Failures:
    return go_on(event, context, runner, QUEUE, reserve_ms=_RESERVE_MS)
