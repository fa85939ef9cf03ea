"""SQS worker: what visitors did, and timers of what they signed up for."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid
from groundswell.messaging.batch import Failures, each_message
from groundswell.observability.log import log
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing
from groundswell.webinars.adapter_wiring import following
from groundswell.webinars.timers import KINDS as OF_WEBINARS

_LEASE_SECONDS = 330
type _Body = Mapping[str, Any]


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return each_message(event, _handle, poison=(Invalid,))


def _handle(body: str) -> None:
    try:
        content = json.loads(body)
        act = _ACTS.get(content.get("event"))
        if act is not None:
            return act(content)
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise Invalid.on("body", "no message of a business feature") from error
    return _fire(parse_firing(body))


def _tell_registrants(body: _Body) -> None:
    at = datetime.fromisoformat(body["at"])
    following().tell(body["webinar_id"], body["what"], int(body["sequence"]), at)


def _fill_seats(body: _Body) -> None:
    following().fill_seats(body["webinar_id"])


def _note_registrant(body: _Body) -> None:
    following().note_lead(body["webinar_id"], body["registration_id"])


_ACTS: Mapping[str, Callable[[_Body], None]] = {
    "webinar.tell": _tell_registrants,
    "webinar.seats": _fill_seats,
    "webinar.lead": _note_registrant,
}


def _fire(firing: Firing) -> None:
    if firing.kind not in OF_WEBINARS:
        raise Invalid.on("kind", "no timer of a business feature")
    due = rfc3339(firing.due)
    done = run_once(DynamoRuns(utc_now), firing.name, due, _LEASE_SECONDS, lambda: following().fire(firing))
    log.info("timer", extra={"timer": firing.name, "due": due, "missed": firing.missed, "done": done})
