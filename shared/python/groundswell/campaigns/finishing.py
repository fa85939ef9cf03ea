"""Sees to it that a campaign comes to its end: sweeps up what waits, and says when all is done."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.campaigns.attempts import waiting
from groundswell.campaigns.ledger import Batch, State, Totals
from groundswell.campaigns.messages import CHECKED, QUEUE, SWEEP_TIMER, Order, send
from groundswell.campaigns.model import Campaign, Status
from groundswell.campaigns.progress import Progress, abandoned
from groundswell.kernel.errors import PreconditionFailed
from groundswell.schedules.timers import Timer

SWEPT = 50
"""Batches that one round looks at."""
WATCH = timedelta(minutes=15)
"""So often somebody looks whether a message was lost."""


class FinishStore(Protocol):
    def find(self, client_id: str, campaign_id: str) -> Campaign | None: ...

    def finish(self, before: Campaign, after: Campaign) -> Campaign:
        """With the news of it. Raises PreconditionFailed."""

    def close_plan(self, campaign: Campaign) -> None: ...

    def watch(self, timer: Timer) -> None: ...


class Batches(Protocol):
    def page(self, client_id: str, campaign_id: str, after: int, limit: int) -> Sequence[Batch]: ...

    def save(self, before: Batch, after: Batch) -> Batch: ...

    def totals(self, client_id: str, campaign_id: str) -> Totals: ...

    def close(self, batch: Batch) -> Progress: ...


class Finisher:
    def __init__(
        self,
        store: FinishStore,
        batches: Batches,
        later: Callable[[Order, float], None],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._batches = batches
        self._later = later
        self._now = now

    def finish_if_over(self, campaign: Campaign) -> bool:
        """Whether nothing waits any more: then it is `sent`. Whoever marks the last record sees that."""
        if not self._batches.totals(campaign.client_id, campaign.id).over:
            return False
        current = self._store.find(campaign.client_id, campaign.id)
        if current is None or current.status is not Status.SENDING:
            return False
        now = self._now()
        try:
            self._store.finish(current, current.moved(Status.SENT, now, finished_at=now))
        except PreconditionFailed:
            return False  # paused, cancelled or finished by somebody else meanwhile
        return True

    def sweep(self, order: Order) -> None:
        """Have what waits looked at: after a pause, and where a message was lost. What a cancelled campaign has not
        sent is suppressed."""
        campaign = self._store.find(order.client_id, order.campaign_id)
        if campaign is None or campaign.status not in (Status.SENDING, Status.CANCELLED):
            return
        batches = self._batches.page(order.client_id, order.campaign_id, order.number, SWEPT)
        if campaign.status is Status.CANCELLED:
            for batch in batches:
                self._give_up(batch)
        else:
            for number in waiting(batches, self._now()):
                self._later(send(campaign, number, checked=bool(order.more.get(CHECKED))), 0)
        if len(batches) == SWEPT:
            self._later(replace(order, number=batches[-1].number), 0)
        elif campaign.status is Status.SENDING:
            self.finish_if_over(campaign)

    def retry(self, order: Order) -> Campaign | None:
        """Those that failed wait again, once in a run. The campaign, when all are through."""
        campaign = self._store.find(order.client_id, order.campaign_id)
        if campaign is None or not campaign.status.active or campaign.run != order.run:
            return None
        states = {State.FAILED, State.UNKNOWN} if order.more.get("unknown") else {State.FAILED}
        batches = self._batches.page(order.client_id, order.campaign_id, order.number, SWEPT)
        for batch in batches:
            if batch.run < order.run and batch.has(*states):
                self._batches.save(batch, _again(batch, frozenset(states), order.run, self._now()))
            if batch.has(*states, State.PENDING):
                self._later(send(campaign, batch.number), 0)
        if len(batches) == SWEPT:
            self._later(replace(order, number=batches[-1].number), 0)
            return None
        self._store.close_plan(campaign)
        return campaign

    def watch(self, campaign: Campaign) -> None:
        """Sweep again in a while, unless it is over by then."""
        if campaign.status is Status.SENDING:
            self._store.watch(watch_timer(campaign, self._now() + WATCH))

    def _give_up(self, batch: Batch) -> None:
        now = self._now()
        left = abandoned(batch, now, self._batches.close(batch)) if batch.left_behind(now) else batch
        done = left.with_each(
            lambda _, one: one.moved(State.SUPPRESSED, now, "cancelled") if one.state is State.PENDING else one
        )
        if done != batch:
            try:
                self._batches.save(batch, done)
            except PreconditionFailed:
                self._later(Order("sweep", batch.client_id, batch.campaign_id, batch.number - 1, batch.run), 5)


def _again(batch: Batch, states: frozenset[State], run: int, now: datetime) -> Batch:
    waiting_again = batch.with_each(
        lambda _, one: replace(one.moved(State.PENDING, now), attempts=0) if one.state in states else one
    )
    return replace(waiting_again, run=run)


def watch_timer(campaign: Campaign, due: datetime) -> Timer:
    return Timer(campaign.client_id, SWEEP_TIMER, campaign.id, due, QUEUE, {"run": campaign.run}, timedelta(days=365))
