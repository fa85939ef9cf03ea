"""What the queue `campaigns` brings its worker."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from groundswell.campaigns.ledger import Batch
from groundswell.campaigns.model import Campaign, duration
from groundswell.kernel.errors import Invalid
from groundswell.kernel.message import Message
from groundswell.schedules.timers import Timer

QUEUE = "campaigns"
PLAN, SEND, SWEEP, RETRY, TEST, REMOVE = "plan", "send", "sweep", "retry", "test", "remove"
FEEDBACK, TOLD, SEQUENCE = "feedback", "told", "sequence"
"""A sequence's: work on many of its leads, page by page; `campaign_id` is the sequence's."""
START_TIMER, SWEEP_TIMER, SEND_TIMER = "campaign.start", "campaign.sweep", "campaign.send"
DECIDE_TIMER, CONVERT_TIMER = "campaign.decide", "campaign.convert"
LEADS, OPT_OUTS, CHECKED = "leads", "opt_outs", "checked"
"""Of a sweep's and a batch's order that a watch made: nothing comes of it but what can be done at once."""
_SOONEST, _LATEST = timedelta(minutes=15), timedelta(hours=12)
_KINDS = frozenset({PLAN, SEND, SWEEP, RETRY, TEST, REMOVE, FEEDBACK, TOLD, SEQUENCE})


@dataclass(frozen=True)
class Order:
    """`number` is the plan's version, the batch to send, or the one behind which a sweep or retry goes on (-1: the
    first). `more` is what only one kind has."""

    kind: str
    client_id: str
    campaign_id: str
    number: int = 0
    run: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> str:
        return json.dumps({"order": self.kind, **{k: v for k, v in vars(self).items() if k != "kind"}})

    @property
    def message(self) -> Message:
        return Message(QUEUE, f"campaign:{self.campaign_id}:{self.kind}:{self.run}:{self.number}", self.body)


def plan(campaign: Campaign, number: int = 0) -> Order:
    return Order(PLAN, campaign.client_id, campaign.id, number, campaign.run)


def send(
    campaign: Campaign, number: int, *, checked: bool = False, leads: Sequence[str] = (), opt_outs: Sequence[str] = ()
) -> Order:
    """`leads` are who waits in it, `opt_outs` where those of their addresses would be: all of that is read together
    with the batch then."""
    more = {LEADS: list(leads), OPT_OUTS: list(opt_outs)} if leads else _checked(checked)
    return Order(SEND, campaign.client_id, campaign.id, number, campaign.run, more)


def sweep(campaign: Campaign, number: int = -1, *, checked: bool = False) -> Order:
    return Order(SWEEP, campaign.client_id, campaign.id, number, campaign.run, _checked(checked))


def _checked(yes: bool) -> Mapping[str, Any]:
    return {CHECKED: True} if yes else {}


def retry(campaign: Campaign, number: int, *, unknown: bool) -> Order:
    return Order(RETRY, campaign.client_id, campaign.id, number, campaign.run, {"unknown": unknown})


def told_later(batch: Batch, place: int, key: str) -> Message:
    """That the recipient at that place did something, by its key: to be said when it is sure that no machine did."""
    order = Order(TOLD, batch.client_id, batch.campaign_id, batch.number, more={"place": place, "key": key})
    return Message(QUEUE, f"campaign:{batch.delivery_id(place)}:{key}:{batch.version}", order.body)


def removal(campaign: Campaign) -> Message:
    return Order(REMOVE, campaign.client_id, campaign.id).message


def start_timer(campaign: Campaign, due: datetime) -> Timer:
    grace = duration(campaign.rules.stale_after)
    return Timer(campaign.client_id, START_TIMER, campaign.id, due, QUEUE, {}, grace)


def convert_timer(campaign: Campaign, now: datetime) -> Timer:
    """When to look for conversions again: soon at first, then after a tenth of the time since it began."""
    passed = now - (campaign.started_at or now)
    due = now + min(max(passed / 10, _SOONEST), _LATEST)
    return Timer(campaign.client_id, CONVERT_TIMER, campaign.id, due, QUEUE, {}, timedelta(days=365))


def parse_order(content: Mapping[str, Any]) -> Order:
    """Raises Invalid."""
    try:
        order = Order(
            str(content["order"]),
            str(content["client_id"]),
            str(content["campaign_id"]),
            int(content["number"]),
            int(content["run"]),
            dict(content.get("more") or {}),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid.on("body", "no order of a campaign") from error
    if order.kind not in _KINDS:
        raise Invalid.on("order", "no order of a campaign")
    return order
