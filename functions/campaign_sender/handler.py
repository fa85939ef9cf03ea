"""SQS worker: plans, batches to send, sweeps, and the timers of campaigns."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from functions.campaign_sender.wiring import Wiring, later
from groundswell.campaigns.feedback import Kind, Report
from groundswell.campaigns.hooks import stage_reports
from groundswell.campaigns.ledger import DeliveryNotFound
from groundswell.campaigns.messages import (
    CONVERT_TIMER,
    DECIDE_TIMER,
    FEEDBACK,
    PLAN,
    REMOVE,
    RETRY,
    SEND,
    SEND_TIMER,
    SEQUENCE,
    START_TIMER,
    SWEEP,
    SWEEP_TIMER,
    TEST,
    TOLD,
    Order,
    parse_order,
)
from groundswell.campaigns.model import Campaign
from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.messaging.deadline import has_time_left
from groundswell.schedules.service import run_once
from groundswell.schedules.store import DynamoRuns
from groundswell.schedules.timers import Firing, parse_firing

_SES = "aws.ses"
"""Whose events a rule puts into the queue, as they are."""
_RESERVE_MS = 25_000
"""For the mail under way, the mark, and what follows."""


def handler(event: dict[str, Any], context: Any) -> Failures:
    wiring = Wiring(has_time_left(context, _RESERVE_MS))
    touched: dict[str, Campaign] = {}
    failures = handle_messages(event, lambda body: _handle(wiring, body, touched), poison=(Invalid,))
    for campaign in touched.values():
        wiring.finisher.finish_if_over(campaign)
    return failures


def _handle(wiring: Wiring, body: str, touched: dict[str, Campaign]) -> None:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Invalid.on("body", "no message of a campaign") from error
    if not isinstance(content, dict):
        raise Invalid.on("body", "no message of a campaign")
    if content.get("source") == _SES:
        return _reported(wiring, stage_reports(content))
    if "order" not in content:
        firing = parse_firing(body)
        return _fire_step(firing) if firing.kind in _OF_SEQUENCES else _fire(wiring, firing, touched)
    order = parse_order(content)
    campaign = _WORK[order.kind](wiring, order)
    if campaign:
        touched[campaign.id] = campaign
    return None


def _plan(wiring: Wiring, order: Order) -> Campaign | None:
    campaign = wiring.store.find(order.client_id, order.campaign_id)
    if campaign is None:
        return None
    try:
        return campaign if wiring.planner.write_down(campaign, order) else None
    except PreconditionFailed:  # another one was faster, and has said how to go on
        return None


def _send(wiring: Wiring, order: Order) -> Campaign | None:
    return wiring.sender.send(order)


def _sweep(wiring: Wiring, order: Order) -> None:
    wiring.finisher.sweep(order)


def _retry(wiring: Wiring, order: Order) -> Campaign | None:
    return wiring.finisher.retry(order)


def _test(wiring: Wiring, order: Order) -> None:
    wiring.tester.send(order)


def _feedback(wiring: Wiring, order: Order) -> None:
    reports = order.more["reports"]
    _reported(
        wiring,
        [Report(order.client_id, str(report["d"]), Kind(report["kind"]), report.get("reason")) for report in reports],
    )


def _reported(wiring: Wiring, reports: Iterable[Report]) -> None:
    for report in reports:
        with suppress(DeliveryNotFound):  # a test's, or a campaign's that was deleted
            wiring.feedback.reported(report)


def _tell(wiring: Wiring, order: Order) -> None:
    wiring.teller.tell(order)


def _remove(wiring: Wiring, order: Order) -> None:
    for _ in wiring.remove(order.client_id, order.campaign_id):
        pass


_OF_SEQUENCES = frozenset({"campaign.step", "campaign.events"})


def _fire_step(firing: Firing) -> None:
    from functions.campaign_sender.sequences import fire

    fire(firing, later)


def _sequence(_wiring: Wiring, order: Order) -> None:
    from functions.campaign_sender.sequences import work  # the log of events costs a cold start

    work(order, later)


_WORK: dict[str, Callable[[Wiring, Order], Campaign | None]] = {
    PLAN: _plan,
    SEND: _send,
    SWEEP: _sweep,
    RETRY: _retry,
    TEST: _test,
    FEEDBACK: _feedback,
    TOLD: _tell,
    REMOVE: _remove,
    SEQUENCE: _sequence,
}


def _fire(wiring: Wiring, firing: Firing, touched: dict[str, Campaign]) -> None:
    due = rfc3339(firing.due)
    match firing.kind:
        case kind if kind == START_TIMER:
            run_once(DynamoRuns(utc_now), firing.name, due, wiring.lease_seconds, lambda: wiring.start(firing))
        case kind if kind == DECIDE_TIMER:
            run_once(DynamoRuns(utc_now), firing.name, due, wiring.lease_seconds, lambda: wiring.decide(firing))
        case kind if kind == CONVERT_TIMER:
            run_once(DynamoRuns(utc_now), firing.name, due, wiring.lease_seconds, lambda: wiring.convert(firing))
        case kind if kind == SEND_TIMER:
            order = parse_order(firing.payload)
            campaign = wiring.sender.send(order)
            if campaign:
                touched[campaign.id] = campaign
        case kind if kind == SWEEP_TIMER:
            campaign = wiring.watch(firing)
            if campaign:
                touched[campaign.id] = campaign
        case _:
            raise Invalid.on("kind", "no timer of a campaign")
