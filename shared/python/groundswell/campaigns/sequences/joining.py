"""Leads that came to a list or segment begin the sequences that wait for that."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from groundswell.audience.model import Audience
from groundswell.campaigns.sequences.model import Enrolment, Sequence, SequenceStatus, enrolment_of
from groundswell.leads.model import Lead


class Sequences(Protocol):
    def sequences(self, client_id: str) -> tuple[Sequence, ...]: ...


def begin_for(changed: Iterable[Lead], store: Sequences, begin: Callable[[Sequence, Lead], bool]) -> int:
    """How many began. One read for each client; who began before does not again."""
    by_client: dict[str, dict[str, Lead]] = {}
    for lead in changed:
        by_client.setdefault(lead.client_id, {})[lead.id] = lead
    begun = 0
    for client_id, leads in by_client.items():
        grouped = {lead_id: lead for lead_id, lead in leads.items() if lead.list_ids or lead.segment_ids}
        waiting = _waiting(store.sequences(client_id)) if grouped else []
        begun += sum(
            begin(sequence, lead) for sequence in waiting for lead in grouped.values() if _meets(sequence, lead)
        )
    return begun


class Enrolments(Protocol):
    def enrol(self, enrolment: Enrolment) -> bool: ...


def begins(store: Enrolments, sequence: Sequence, lead: Lead, now: datetime) -> bool:
    """Whether the lead begins now. Cohorts are no condition here: nobody comes to one by being changed."""
    if lead.merged_into or not means(sequence.audience, lead):
        return False
    return store.enrol(enrolment_of(sequence, lead.id, now))


def _waiting(sequences: Iterable[Sequence]) -> list[Sequence]:
    return [
        sequence
        for sequence in sequences
        if sequence.status is SequenceStatus.ACTIVE and sequence.start_when and sequence.start_when.group
    ]


def _meets(sequence: Sequence, lead: Lead) -> bool:
    start = sequence.start_when
    return start is not None and (start.list in lead.list_ids or start.segment in lead.segment_ids)


def means(audience: Audience, lead: Lead) -> bool:
    """An audience that names nobody means anybody."""
    if audience.all or lead.id in audience.lead_ids or audience == Audience():
        return True
    in_list = not set(audience.list_ids).isdisjoint(lead.list_ids)
    return in_list or not set(audience.segment_ids).isdisjoint(lead.segment_ids)
