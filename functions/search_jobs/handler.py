"""SQS worker: goes on with searches, and checks addresses again whose verdict may have turned."""

import json
from functools import cache
from typing import Any

from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.operations.adapter_worker import go_on
from groundswell.operations.service import Runner
from groundswell.operations.store import DynamoOperationStore
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing
from groundswell.search.model import JOB, QUEUE
from groundswell.validation.model import TIMER

_RESERVE_MS = 100_000  # for the step that is under way: five pages, each with two more and the model's answer
_PATIENCE = 15.0
"""Seconds for each of both models."""
_CHECK_SECONDS = 60.0
_LEASE_SECONDS = 120


@cache
def runner() -> Runner:
    # What a search needs is imported for searches: most messages are timers, where mail servers are asked.
    from groundswell.kernel.ids import new_secret
    from groundswell.language_model.adapter_wiring import language_model
    from groundswell.search.adapter_brave import brave
    from groundswell.search.adapter_crm import DynamoCrm
    from groundswell.search.adapter_pages import web_pages
    from groundswell.search.adapter_runs import DynamoRunStore
    from groundswell.search.reading import PageReader
    from groundswell.search.runs import SearchJob
    from groundswell.validation.adapter_wiring import validation

    model = language_model(_PATIENCE)
    reader = PageReader(web_pages(), model if model.is_configured else None, utc_now, new_secret)
    job = SearchJob(DynamoRunStore(), brave(), reader, DynamoCrm(), validation(), utc_now)
    return Runner(DynamoOperationStore(QUEUE), {JOB: job}, utc_now)


def handler(event: dict[str, Any], context: Any) -> Failures:
    timers = [record for record in event["Records"] if _is_timer(record["body"])]
    searches = [record for record in event["Records"] if record not in timers]
    again = handle_messages({"Records": timers}, _check_again, poison=(Invalid,))
    goes_on = go_on({"Records": searches}, context, runner, QUEUE, reserve_ms=_RESERVE_MS)
    return {"batchItemFailures": [*again["batchItemFailures"], *goes_on["batchItemFailures"]]}


def _is_timer(body: str) -> bool:
    try:
        content = json.loads(body)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("kind") == TIMER


def _check_again(body: str) -> None:
    firing = parse_firing(body)
    run_once(DynamoRuns(utc_now), firing.name, rfc3339(firing.due), _LEASE_SECONDS, lambda: _recheck(firing))


def _recheck(firing: Firing) -> None:
    import asyncio

    from groundswell.validation.adapter_wiring import validation

    checked = asyncio.run(validation().recheck(firing.tenant, firing.key, _CHECK_SECONDS))
    log.info("address checked again", extra={"verdict": checked and checked.verdict.value})
