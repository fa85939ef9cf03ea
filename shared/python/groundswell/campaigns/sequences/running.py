"""Takes leads through sequences: who begins, each one's next step, and when they stop."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.audience.model import Audience
from groundswell.campaigns.ledger import Delivery
from groundswell.campaigns.messages import Order
from groundswell.campaigns.model import Campaign, duration
from groundswell.campaigns.recipients import address_of
from groundswell.campaigns.sequences.model import Condition, Enrolment, Progress, Sequence, SequenceStatus, enrolment_of
from groundswell.campaigns.sequences.timing import ENROL, EVERY, NOTE, WAKE, events_timer
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Lead
from groundswell.leads.model import Status as LeadStatus
from groundswell.schedules.timers import Timer

_TOGETHER = 100
_ATTEMPTS = 8
_AGAIN = timedelta(minutes=10)
"""Events that come so much later than they happened begin a sequence, too."""


class Store(Protocol):
    def find(self, client_id: str, sequence_id: str) -> Sequence | None: ...

    def save(self, sequence: Sequence) -> Sequence: ...

    def enrolment(self, client_id: str, sequence_id: str, lead_id: str) -> Enrolment | None: ...

    def enrolments(
        self, client_id: str, sequence_id: str, limit: int, position: Position | None
    ) -> Page[Enrolment]: ...

    def enrol(self, enrolment: Enrolment) -> bool: ...

    def wake(self, enrolment: Enrolment, due: datetime) -> None: ...

    def stop(self, enrolment: Enrolment) -> None: ...

    def go_on(self, campaign: Campaign, one: Delivery, after: Enrolment) -> None: ...


class Audiences(Protocol):
    def recipients(self, client_id: str, audience: Audience, limit: int, position: Position | None) -> Page[str]: ...

    def includes(self, client_id: str, audience: Audience, lead: Lead) -> bool: ...


class Leads(Protocol):
    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]: ...


class Events(Protocol):
    def who_did(self, client_id: str, event: str, since: datetime, until: datetime) -> Collection[Lead]: ...

    def did(self, lead: Lead, event: str, since: datetime, until: datetime) -> bool: ...


class Runner:
    """`campaign` finds a step's; `later` has an order come again at once; `watch` sets a timer."""

    def __init__(
        self,
        store: Store,
        audiences: Audiences,
        leads: Leads,
        events: Events,
        campaign: Callable[[str, str], Campaign | None],
        later: Callable[[Order, float], None],
        watch: Callable[[Timer], None],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._audiences = audiences
        self._leads = leads
        self._events = events
        self._campaign = campaign
        self._later = later
        self._watch = watch
        self._now = now

    def work(self, order: Order) -> None:
        """A page of those to write down, or to wake after a pause."""
        sequence = self._store.find(order.client_id, order.campaign_id)
        mode, position = str(order.more["mode"]), order.more.get("position")
        if sequence is None or sequence.version != order.number:
            return
        following = self._wake(sequence, position) if mode == WAKE else self._write_down(sequence, mode, position)
        if following:
            self._later(replace(order, more={"mode": mode, "position": dict(following)}), 0)
        elif mode in (ENROL, NOTE):
            self._store.save(sequence.moved(SequenceStatus.ACTIVE, self._now()))

    def begin(self, sequence: Sequence, lead: Lead) -> bool:
        """Whether the lead begins now: once, and where it is one of the audience."""
        if lead.merged_into or not self._audiences.includes(sequence.client_id, sequence.audience, lead):
            return False
        return self._store.enrol(enrolment_of(sequence, lead.id, self._now()))

    def look_for_events(self, client_id: str, sequence_id: str, since: datetime) -> int:
        """Whoever did since then what begins the sequence. How many are new."""
        sequence = self._store.find(client_id, sequence_id)
        if sequence is None or sequence.status is not SequenceStatus.ACTIVE or not sequence.start_when:
            return 0
        now, event = self._now(), sequence.start_when.event
        if event is None or sequence.started_at is None:
            return 0
        from_then = max(sequence.started_at, since - _AGAIN)
        leads = self._events.who_did(client_id, event, from_then, now)
        begun = sum(self.begin(sequence, lead) for lead in leads)
        self._watch(events_timer(sequence, now, now + EVERY))
        return begun

    def step(self, client_id: str, sequence_id: str, lead_id: str, number: int) -> None:
        """The lead's next one, once. Raises PreconditionFailed where others are always faster."""
        for _ in range(_ATTEMPTS):
            sequence = self._store.find(client_id, sequence_id)
            enrolment = self._store.enrolment(client_id, sequence_id, lead_id)
            if sequence is None or enrolment is None or not _has_to(sequence, enrolment, number):
                return None
            try:
                return self._step(sequence, enrolment)
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _step(self, sequence: Sequence, enrolment: Enrolment) -> None:
        leads = self._leads.find_many(sequence.client_id, [enrolment.lead_id])
        lead = leads[0] if leads else None
        if reason := self._stopped(sequence, enrolment, lead):
            return self._store.stop(replace(enrolment, status=Progress.STOPPED, reason=reason, due=None))
        campaign = self._campaign(sequence.client_id, sequence.campaign_id(enrolment.step))
        if lead is None or campaign is None:
            return self._store.stop(replace(enrolment, status=Progress.STOPPED, reason="step_gone", due=None))
        one = Delivery(lead.id, address_of(lead, campaign.channel))
        return self._store.go_on(campaign, one, self._after(sequence, enrolment))

    def _after(self, sequence: Sequence, enrolment: Enrolment) -> Enrolment:
        number = enrolment.step + 1
        if number == len(sequence.steps):
            return replace(enrolment, step=number, due=None, status=Progress.FINISHED)
        return replace(enrolment, step=number, due=self._now() + duration(sequence.steps[number].wait))

    def _stopped(self, sequence: Sequence, enrolment: Enrolment, lead: Lead | None) -> str | None:
        if lead is None or lead.merged_into:
            return "lead_gone"
        return next((name for condition in sequence.stop_when if (name := self._met(condition, enrolment, lead))), None)

    def _met(self, condition: Condition, enrolment: Enrolment, lead: Lead) -> str | None:
        """The rule's name, where it is met."""
        if condition.converted:
            return "converted" if lead.status is LeadStatus.CONVERTED else None
        if condition.segment:
            return "segment" if condition.segment in lead.segment_ids else None
        if condition.list:
            return "list" if condition.list in lead.list_ids else None
        did = self._events.did(lead, condition.event or "", enrolment.started_at, self._now())
        return "event" if did else None

    def _write_down(self, sequence: Sequence, mode: str, position: Position | None) -> Position | None:
        start = sequence.start_when
        whom = (start.group if start else None) or sequence.audience
        page = self._audiences.recipients(sequence.client_id, whom, _TOGETHER, position)
        now = self._now()
        for lead_id in page.items:
            known = enrolment_of(sequence, lead_id, now)
            self._store.enrol(known if mode == ENROL else replace(known, status=Progress.BEFORE, due=None))
        return page.next

    def _wake(self, sequence: Sequence, position: Position | None) -> Position | None:
        page, now = self._store.enrolments(sequence.client_id, sequence.id, _TOGETHER, position), self._now()
        for enrolment in page.items:
            if enrolment.status is Progress.ACTIVE and enrolment.due:
                self._store.wake(enrolment, max(enrolment.due, now))
        return page.next


def _has_to(sequence: Sequence, enrolment: Enrolment, number: int) -> bool:
    """Paused, it waits until somebody wakes it; done, it is not done again."""
    running = sequence.status in (SequenceStatus.ACTIVE, SequenceStatus.STARTING)
    return running and enrolment.status is Progress.ACTIVE and enrolment.step == number
