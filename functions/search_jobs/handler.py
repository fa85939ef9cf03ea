"""SQS worker: goes on with one search a message, and tells itself when there is more to do."""

from functools import cache
from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_secret
from groundswell.language_model.adapter_wiring import language_model
from groundswell.messaging.batch import Failures
from groundswell.operations.adapter_worker import go_on
from groundswell.operations.service import Runner
from groundswell.operations.store import DynamoOperationStore
from groundswell.search.adapter_brave import brave
from groundswell.search.adapter_crm import DynamoCrm
from groundswell.search.adapter_pages import web_pages
from groundswell.search.adapter_runs import DynamoRunStore
from groundswell.search.reading import PageReader
from groundswell.search.results import QUEUE
from groundswell.search.runs import JOB, SearchJob

_RESERVE_MS = 100_000  # for the step that is under way: five pages, each with two more and the model's answer
_PATIENCE = 15.0
"""Seconds for each of both models."""


@cache
def runner() -> Runner:
    model = language_model(_PATIENCE)
    reader = PageReader(web_pages(), model if model.is_configured else None, utc_now, new_secret)
    job = SearchJob(DynamoRunStore(), brave(), reader, DynamoCrm(), utc_now)
    return Runner(DynamoOperationStore(QUEUE), {JOB: job}, utc_now)


def handler(event: dict[str, Any], context: Any) -> Failures:
    return go_on(event, context, runner, QUEUE, reserve_ms=_RESERVE_MS)
