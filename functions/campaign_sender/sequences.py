"""Sequences in this worker."""

from collections.abc import Callable
from datetime import datetime

from groundswell.audience.adapter_wiring import audience
from groundswell.campaigns.messages import Order
from groundswell.campaigns.sequences.adapter_events import EventsOfLeads
from groundswell.campaigns.sequences.adapter_removal import remove_sequence
from groundswell.campaigns.sequences.running import Runner
from groundswell.campaigns.sequences.store import DynamoSequenceStore
from groundswell.campaigns.sequences.timing import EVENTS_TIMER, REMOVE, STEP_TIMER
from groundswell.campaigns.store import DynamoCampaignStore
from groundswell.kernel.clock import utc_now
from groundswell.leads.store import DynamoLeadStore
from groundswell.schedules.timers import Firing

KINDS = frozenset({STEP_TIMER, EVENTS_TIMER})


def runner(later: Callable[[Order, float], None]) -> Runner:
    campaigns = DynamoCampaignStore()
    return Runner(
        DynamoSequenceStore(),
        audience(),
        DynamoLeadStore(),
        EventsOfLeads(),
        campaigns.find,
        later,
        campaigns.watch,
        utc_now,
    )


def work(order: Order, later: Callable[[Order, float], None]) -> None:
    if order.more["mode"] == REMOVE:
        return remove_sequence(order.client_id, order.campaign_id, int(order.more["steps"]), utc_now())
    return runner(later).work(order)


def fire(firing: Firing, later: Callable[[Order, float], None]) -> None:
    known = firing.payload
    if firing.kind == STEP_TIMER:
        return runner(later).step(firing.tenant, str(known["sequence"]), str(known["lead"]), int(known["step"]))
    runner(later).look_for_events(firing.tenant, firing.key, datetime.fromisoformat(known["since"]))
    return None
