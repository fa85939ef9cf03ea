"""How far a sender got with what it claimed: so that one that dies leaves few messages in doubt, not all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from groundswell.campaigns.ledger import Batch, Delivery, State, settled

HAND = 5
"""Messages that are in hand together: half of a batch. Each write of how far it got costs a call; a batch has one."""
IN_DOUBT = "its sender ended at a moment when it may have left"


@dataclass(frozen=True)
class Progress:
    """`place` is the first one that was in hand when it was last heard of; None is the first that was claimed.
    `outcomes` are what became of those before."""

    place: int | None = None
    outcomes: Mapping[int, Delivery] = field(default_factory=dict)


def abandoned(batch: Batch, now: datetime, progress: Progress | None) -> Batch:
    """What a sender that died had claimed. Without `progress` all of it waits again, which is for providers that know
    repeats; with it those in its hand are in doubt, and what had its turn before is what became of it."""
    claimed = [place for place, one in enumerate(batch.deliveries) if one.state is State.CLAIMED]
    first = (progress.place or 0) if progress else len(batch.deliveries)
    doubtful = [place for place in claimed if place >= first][:HAND]
    outcomes = progress.outcomes if progress else {}

    def settle(place: int, one: Delivery) -> Delivery:
        if one.state is not State.CLAIMED:
            return one
        if place in outcomes:
            return settled(one, outcomes[place])
        if place in doubtful:
            return one.moved(State.UNKNOWN, now, IN_DOUBT)
        return replace(one, state=State.PENDING)

    return batch.with_each(settle)
