"""Tells of openings and clicks when it is sure that the recipient did it: a scanner shows itself within seconds."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.campaigns.facts import doing, tell
from groundswell.campaigns.ledger import Batch
from groundswell.campaigns.machines import BURST
from groundswell.campaigns.messages import Order
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry

SURE = BURST + timedelta(seconds=1)


class TellingStore(Protocol):
    def find(self, client_id: str, campaign_id: str, number: int) -> Batch | None: ...

    def say(self, client_id: str, lead_id: str, entries: Sequence[Entry], messages: Sequence[Message]) -> None: ...


class Leads(Protocol):
    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]: ...


class Teller:
    def __init__(
        self, store: TellingStore, leads: Leads, later: Callable[[Order, float], None], now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._leads = leads
        self._later = later
        self._now = now

    def tell(self, order: Order) -> None:
        """Again is as good as once: entries and events have ids of their own. Raises Invalid."""
        try:
            place, key = int(order.more["place"]), str(order.more["key"])
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid.on("more", "a place and a key") from error
        batch = self._store.find(order.client_id, order.campaign_id, order.number)
        timed_fact = doing(batch.deliveries[place], key) if batch and place < len(batch.deliveries) else None
        if batch is None or timed_fact is None:
            return
        wait = (timed_fact[1] + SURE - self._now()).total_seconds()
        if wait > 0:
            self._later(order, wait)
            return
        lead_id = batch.deliveries[place].lead_id
        lead = next(iter(self._leads.find_many(order.client_id, [lead_id])), None)
        if lead is not None:
            tidings = tell(batch, place, [timed_fact], lead)
            with suppress(PreconditionFailed):  # told before, and still in the outbox
                self._store.say(order.client_id, lead_id, tidings.entries, tidings.messages)
