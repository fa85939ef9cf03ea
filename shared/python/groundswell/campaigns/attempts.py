"""What an attempt makes of a record, and when the next one is due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from groundswell.campaigns.ledger import BATCH, Batch, Delivery, State
from groundswell.campaigns.model import Campaign, Channel
from groundswell.campaigns.outcomes import Outcome, Refused, Sent, Throttled, Unknown
from groundswell.leads.model import Lead

ATTEMPTS_AT_MOST = 6
_WAITS = (30, 120, 300, 600, 900)
"""Seconds before the next attempt at what was refused for now."""
LONGEST_WAIT = 900
"""Seconds that SQS delays a message at most."""
_REASON = 300


def after(one: Delivery, outcome: Outcome, now: datetime, *, repeatable: bool = False) -> Delivery:
    """The record after an attempt. `repeatable`: what may have left is sent again, and the provider knows it."""
    match outcome:
        case Sent(provider_id):
            tried = replace(one, provider_id=provider_id, attempts=one.attempts + 1)
            return tried.moved(State.SENT, now)
        case Throttled():
            return replace(one, state=State.PENDING)
        case Unknown(reason):
            tried = replace(one, attempts=one.attempts + 1)
            again = repeatable and tried.attempts < ATTEMPTS_AT_MOST
            return tried.moved(State.PENDING if again else State.UNKNOWN, now, reason[:_REASON])
        case Refused(reason, permanent):
            tried = replace(one, attempts=one.attempts + 1)
            over = permanent or tried.attempts >= ATTEMPTS_AT_MOST
            return tried.moved(State.FAILED if over else State.PENDING, now, reason[:_REASON])


def fallen_back(campaign: Campaign, lead: Lead, done: Delivery, outcome: Outcome) -> Delivery:
    """Whose address there is none of waits for the other channel."""
    gone = isinstance(outcome, Refused) and outcome.invalid_address and done.state is State.FAILED
    if campaign.fallback is None or done.channel or not gone or not lead.telegram_chat_id:
        return done
    return replace(done, state=State.PENDING, channel=Channel.TELEGRAM.value, attempts=0)


def wait_of(one: Delivery, outcome: Outcome) -> float:
    """Seconds before what did not leave is tried again."""
    if isinstance(outcome, Throttled):
        return max(outcome.seconds, 1.0)
    if one.state is State.PENDING:
        return float(_WAITS[min(one.attempts, len(_WAITS)) - 1])
    return 0.0


def paced(campaign: Campaign, batch: Batch, wait: float, now: datetime) -> float:
    """Seconds until a batch's turn: those that have no room now must not all come back at once."""
    rate, began = campaign.rules.throttle_per_minute, campaign.started_at
    if not rate or began is None:
        return min(wait, LONGEST_WAIT)
    turn = batch.number * BATCH * 60 / rate - (now - began).total_seconds()
    return min(max(wait, turn), LONGEST_WAIT)


def waiting(batches: Sequence[Batch], now: datetime) -> list[int]:
    """Numbers of those that somebody has to look at: something waits, or a claim's time is over."""
    return [
        batch.number
        for batch in batches
        if batch.has(State.PENDING) or (batch.has(State.CLAIMED) and not batch.leased(now))
    ]
