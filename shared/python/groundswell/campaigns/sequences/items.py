"""How sequences lie in the core table.

| pk | sk | what |
|---|---|---|
| `SEQUENCES#<client>` | `SEQUENCE#<id>` | a sequence |
| `SEQUENCERUN#<client>#<id>` | `LEAD#<lead>` | somebody who goes, or went, through it |
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.campaigns.sequences.model import Enrolment, Sequence
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item


class SequenceItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    name = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    status = UnicodeAttribute()
    audience = JSONAttribute()
    steps = JSONAttribute()
    start_when = JSONAttribute(null=True)
    stop_when = JSONAttribute()
    sender = JSONAttribute(null=True)
    reply_to = UnicodeAttribute(null=True)
    started_at = UTCDateTimeAttribute(null=True)


class EnrolmentItem(CoreItem):
    client_id = UnicodeAttribute()
    sequence_id = UnicodeAttribute()
    lead_id = UnicodeAttribute()
    started_at = UTCDateTimeAttribute()
    status = UnicodeAttribute()
    step = NumberAttribute()
    due = UTCDateTimeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


def sequences_pk(client_id: str) -> str:
    return f"SEQUENCES#{client_id}"


def run_pk(client_id: str, sequence_id: str) -> str:
    return f"SEQUENCERUN#{client_id}#{sequence_id}"


def sequence_item(sequence: Sequence) -> SequenceItem:
    return to_item(SequenceItem, sequence, sequences_pk(sequence.client_id), f"SEQUENCE#{sequence.id}", kind="sequence")


def enrolment_item(enrolment: Enrolment) -> EnrolmentItem:
    pk = run_pk(enrolment.client_id, enrolment.sequence_id)
    return to_item(EnrolmentItem, enrolment, pk, f"LEAD#{enrolment.lead_id}", kind="sequence_enrolment")
