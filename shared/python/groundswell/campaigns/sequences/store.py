"""Sequences in DynamoDB (how they lie there: `items`)."""

from collections.abc import Sequence as Many
from dataclasses import replace
from datetime import datetime

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.campaigns.adapter_ledger import DynamoLedger
from groundswell.campaigns.content import Content
from groundswell.campaigns.ledger import Batch, Delivery
from groundswell.campaigns.messages import send
from groundswell.campaigns.model import Campaign
from groundswell.campaigns.sequences.items import (
    EnrolmentItem,
    SequenceItem,
    enrolment_item,
    run_pk,
    sequence_item,
    sequences_pk,
)
from groundswell.campaigns.sequences.model import Enrolment, Sequence
from groundswell.campaigns.sequences.timing import step_timer
from groundswell.campaigns.store import DynamoCampaignStore
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find
from groundswell.storage.transaction import delete, put, write


class DynamoSequenceStore:
    def find(self, client_id: str, sequence_id: str) -> Sequence | None:
        return find(Sequence, SequenceItem, sequences_pk(client_id), f"SEQUENCE#{sequence_id}")

    def sequences(self, client_id: str) -> tuple[Sequence, ...]:
        items = SequenceItem.query(sequences_pk(client_id), SequenceItem.sk.startswith("SEQUENCE#"))
        return tuple(from_item(Sequence, item) for item in items)

    def save(
        self,
        sequence: Sequence,
        *,
        messages: Many[Message] = (),
        timers: Many[Timer] = (),
        cancelled: Many[str] = (),
    ) -> Sequence:
        """`cancelled` are kinds of its timers. Raises PreconditionFailed if someone else wrote first."""
        item = sequence_item(sequence)
        stopped = [cancel_timer(sequence.client_id, kind, sequence.id) for kind in cancelled]
        write([put(item), *map(set_timer, timers), *stopped], messages)
        return replace(sequence, version=int(item.version or 0))

    def remove(self, sequence: Sequence, noted: Entry, messages: Many[Message]) -> None:
        write([delete(sequence_item(sequence)), note(noted)], messages)

    def enrolment(self, client_id: str, sequence_id: str, lead_id: str) -> Enrolment | None:
        return find(Enrolment, EnrolmentItem, run_pk(client_id, sequence_id), f"LEAD#{lead_id}")

    def enrolments(self, client_id: str, sequence_id: str, limit: int, position: Position | None) -> Page[Enrolment]:
        after = EnrolmentItem.sk > str(position["sk"]) if position else None
        query = EnrolmentItem.query(run_pk(client_id, sequence_id), after, limit=limit + 1, consistent_read=True)
        items = list(query)
        more = len(items) > limit
        shown = tuple(from_item(Enrolment, item) for item in items[:limit])
        return Page(shown, {"sk": str(items[limit - 1].sk)} if more else None)

    def enrol(self, enrolment: Enrolment) -> bool:
        """Whether that is new: one begins a sequence once."""
        timers = [set_timer(step_timer(enrolment, enrolment.due))] if enrolment.due else []
        try:
            write([put(enrolment_item(enrolment)), *timers])
        except PreconditionFailed:
            return False
        return True

    def wake(self, enrolment: Enrolment, due: datetime) -> None:
        write([set_timer(step_timer(enrolment, due))])

    def stop(self, enrolment: Enrolment) -> None:
        """Raises PreconditionFailed if someone else wrote first."""
        write([put(enrolment_item(enrolment))])

    def go_on(self, campaign: Campaign, one: Delivery, after: Enrolment) -> None:
        """The step's delivery, its order, and where the lead is then: all of it or nothing. Raises PreconditionFailed
        where somebody else took the step, or wrote another delivery of it at the same moment."""
        ledger = DynamoLedger()
        plan = ledger.plan(campaign.client_id, campaign.id)
        batch = Batch(campaign.client_id, campaign.id, plan.number, campaign.run, (one,))
        then = replace(plan, run=campaign.run, number=plan.number + 1)
        timers = [step_timer(after, after.due)] if after.due else []
        more = [put(enrolment_item(after))]
        ledger.add(campaign, plan, then, [batch], [send(campaign, batch.number).message], timers, more=more)

    def open_campaign(self, campaign: Campaign, content: Content) -> None:
        """For a step. Again is as good as once."""
        store = DynamoCampaignStore()
        if store.find(campaign.client_id, campaign.id) is None:
            store.begin(None, campaign, content)
