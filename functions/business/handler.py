"""SQS worker: what visitors did, and timers of what they signed up for."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from groundswell.bookings.adapter_wiring import following as bookings
from groundswell.bookings.timers import KINDS as OF_BOOKINGS
from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing
from groundswell.visitors.model import POST_PARAMETER, Met
from groundswell.webinars.adapter_wiring import following as webinars
from groundswell.webinars.timers import KINDS as OF_WEBINARS
from groundswell.whitepapers.adapter_wiring import following as whitepapers

_LEASE_SECONDS = 330
type _Body = Mapping[str, Any]


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_messages(event, _handle, poison=(Invalid,))


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
    webinars().tell(body["webinar_id"], body["what"], int(body["sequence"]), at)


def _fill_seats(body: _Body) -> None:
    webinars().fill_seats(body["webinar_id"])


def _note_registrant(body: _Body) -> None:
    _credit(webinars().note_lead(body["webinar_id"], body["registration_id"]))


def _note_attendee(body: _Body) -> None:
    _credit(bookings().note_lead(body["booking_id"]))


def _note_reader(body: _Body) -> None:
    _credit(whitepapers().note_lead(body["whitepaper_id"], body["download_id"]))


def _credit(met: Met | None) -> None:
    """The post that brought them, where it was one."""
    if met is None or POST_PARAMETER not in met.attribution:
        return
    from groundswell.social.adapter_credits import credit  # few come by a post

    credit(met.client_id, met.attribution[POST_PARAMETER], met.lead_id)


_ACTS: Mapping[str, Callable[[_Body], None]] = {
    "webinar.tell": _tell_registrants,
    "webinar.seats": _fill_seats,
    "webinar.lead": _note_registrant,
    "booking.lead": _note_attendee,
    "whitepaper.lead": _note_reader,
}


def _fire(firing: Firing) -> None:
    if firing.kind not in (*OF_WEBINARS, *OF_BOOKINGS):
        raise Invalid.on("kind", "no timer of a business feature")
    feature = webinars if firing.kind in OF_WEBINARS else bookings
    due = rfc3339(firing.due)
    done = run_once(DynamoRuns(utc_now), firing.name, due, _LEASE_SECONDS, lambda: feature().fire(firing))
    log.info("timer", extra={"timer": firing.name, "due": due, "missed": firing.missed, "done": done})
