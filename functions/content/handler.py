"""SQS worker: timers of pages."""

from typing import Any

from groundswell.cms.adapter_wiring import pages
from groundswell.cms.timers import KINDS, PUBLISH
from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid
from groundswell.messaging.batch import Failures, each_message
from groundswell.observability.log import log
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing

_LEASE_SECONDS = 60


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return each_message(event, _handle, poison=(Invalid,))


def _handle(body: str) -> None:
    firing = parse_firing(body)
    if firing.kind not in KINDS:
        raise Invalid.on("kind", "no timer of a page")
    due = rfc3339(firing.due)
    done = run_once(DynamoRuns(utc_now), firing.name, due, _LEASE_SECONDS, lambda: _turn(firing))
    log.info("timer", extra={"timer": firing.name, "due": due, "missed": firing.missed, "done": done})


def _turn(firing: Firing) -> bool:
    """However late: what was to be public, or not any more, is so from now on."""
    turn = pages().publish_on_time if firing.kind == PUBLISH else pages().unpublish_on_time
    return turn(firing.tenant, firing.key, firing.due)
