"""SQS worker: timers of pages and creatives, and what became of reviews."""

from collections.abc import Callable
from typing import Any

from functions.content.message import ReviewTurned, parse_event
from groundswell.cms.adapter_wiring import pages
from groundswell.cms.timers import PUBLISH, UNPUBLISH
from groundswell.creatives.adapter_wiring import review_tasks, stalled
from groundswell.creatives.review_tasks import STALLED
from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing

_LEASE_SECONDS = 60


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_messages(event, _handle, poison=(Invalid,))


def _handle(body: str) -> None:
    event = parse_event(body)
    if event is None:
        return _fire(parse_firing(body))
    if isinstance(event, ReviewTurned):
        review_tasks().follow(event.client_id, event.creative_id, event.cycle)
    return None


def _fire(firing: Firing) -> None:
    if firing.kind not in _FIRED:
        raise Invalid.on("kind", "no timer of a page or a creative")
    due = rfc3339(firing.due)
    done = run_once(DynamoRuns(utc_now), firing.name, due, _LEASE_SECONDS, lambda: _FIRED[firing.kind](firing))
    log.info("timer", extra={"kind": firing.kind, "due": due, "missed": firing.missed, "done": done})


def _publish(firing: Firing) -> bool:
    """However late: what was to be public is so from now on."""
    return pages().publish_on_time(firing.tenant, firing.key, firing.due)


def _unpublish(firing: Firing) -> bool:
    return pages().unpublish_on_time(firing.tenant, firing.key, firing.due)


def _escalate(firing: Firing) -> bool:
    return stalled().tell(firing.tenant, firing.key, rfc3339(firing.due))


_FIRED: dict[str, Callable[[Firing], bool]] = {PUBLISH: _publish, UNPUBLISH: _unpublish, STALLED: _escalate}
