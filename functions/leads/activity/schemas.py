"""Wire shapes of interactions, timelines and the consent ledger."""

from typing import Annotated, Any

from pydantic import StringConstraints

from functions.leads.schemas import ConsentOut
from groundswell.http.schema import In, Out, Time, WrittenOnce
from groundswell.http.timestamps import Timestamp
from groundswell.leads.timeline import InteractionType


class InteractionIn(In):
    """`at` is now, unless said otherwise. A `follow_up` has a `due_at`."""

    type: InteractionType
    body: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    at: Timestamp | None = None
    due_at: Timestamp | None = None
    client_id: str | None = None


class InteractionOut(WrittenOnce):
    id: str
    lead_id: str
    type: InteractionType
    body: str | None
    at: Time
    due_at: Time | None
    task_id: str | None
    created_by: str


class EntryOut(Out):
    """`channel` is `interaction`, `product` (an event of the log) or the name of a feature's own."""

    id: str
    at: Time
    channel: str
    event: str
    text: str | None
    by: str | None
    object_type: str | None
    object_id: str | None
    data: dict[str, Any]


class LedgerOut(ConsentOut):
    channel: str
