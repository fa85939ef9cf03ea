"""What sequences wait for: the next step of somebody, and events that begin them."""

from datetime import datetime, timedelta

from groundswell.campaigns.messages import QUEUE, SEQUENCE, Order
from groundswell.campaigns.sequences.model import Enrolment, Sequence
from groundswell.schedules.timers import Timer

ENROL, NOTE, WAKE, REMOVE = "enrol", "note", "wake", "remove"
STEP_TIMER, EVENTS_TIMER = "campaign.step", "campaign.events"
EVERY = timedelta(minutes=1)
_GRACE = timedelta(days=365)


def order(sequence: Sequence, mode: str) -> Order:
    """To be written together with the sequence, whose next version it is for: who changes that again ends it."""
    return Order(SEQUENCE, sequence.client_id, sequence.id, sequence.version + 1, 0, {"mode": mode})


def step_timer(enrolment: Enrolment, due: datetime) -> Timer:
    key = f"{enrolment.sequence_id}.{enrolment.lead_id}"
    payload = {"sequence": enrolment.sequence_id, "lead": enrolment.lead_id, "step": enrolment.step}
    return Timer(enrolment.client_id, STEP_TIMER, key, due, QUEUE, payload, _GRACE)


def events_timer(sequence: Sequence, since: datetime, due: datetime) -> Timer:
    """`since`: what was looked at before."""
    payload = {"since": since.isoformat()}
    return Timer(sequence.client_id, EVENTS_TIMER, sequence.id, due, QUEUE, payload, _GRACE)
