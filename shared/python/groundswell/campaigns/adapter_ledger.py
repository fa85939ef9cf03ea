"""The ledger in DynamoDB: batches with their records, totals in shards, and how far the plan is.

A batch is written on the condition that nobody wrote it since it was read, together with the difference it makes to one
of sixteen counters: two items, eight write units for ten recipients.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any

from groundswell.audience.items import OptOutItem, opt_outs_pk
from groundswell.audience.model import OptOut
from groundswell.audience.opt_outs import Known
from groundswell.campaigns.adapter_progress import close, proceed
from groundswell.campaigns.adapter_rows import (
    Row,
    batch_key,
    batch_sk,
    counted,
    key_of,
    put_batch,
    put_plan,
    read_batch,
    read_plan,
)
from groundswell.campaigns.dispatching import Loaded
from groundswell.campaigns.event_log import Happening, logged, sent_name
from groundswell.campaigns.items import CampaignItem, campaign_pk, lead_pk, sent_pk
from groundswell.campaigns.ledger import Batch, Delivery, Plan, State, Totals
from groundswell.campaigns.model import Campaign
from groundswell.campaigns.progress import Progress
from groundswell.campaigns.timeline import sent_entry
from groundswell.kernel.errors import Outage, Unavailable
from groundswell.kernel.message import Message
from groundswell.leads.adapter_activity import timeline_entry
from groundswell.leads.items import LeadItem
from groundswell.leads.items import lead_pk as leads_pk
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry
from groundswell.schedules.store import set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.client import dynamodb
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, write
from groundswell.tenancy.clients.model import ClientStatus

_LAST = 999_999_999
_PUTS = 25  # BatchWriteItem's limit
_ATTEMPTS = 8


class DynamoLedger:
    def load(
        self,
        client_id: str,
        campaign_id: str,
        number: int,
        lead_ids: Sequence[str] = (),
        opt_out_ids: Sequence[str] = (),
    ) -> Loaded:
        """The campaign, one of its batches, what its client set, and these leads and opt-outs, in one call."""
        keys = [
            key_of(campaign_pk(client_id, campaign_id), "CAMPAIGN"),
            batch_key(client_id, campaign_id, number),
            key_of(f"CLIENT#{client_id}", "CLIENT"),
            *(key_of(leads_pk(client_id, lead_id), "LEAD") for lead_id in lead_ids),
            *(key_of(opt_outs_pk(client_id), opt_out_id) for opt_out_id in opt_out_ids),
        ]
        raw_rows = get_rows("core", keys)
        rows = {row["kind"]["S"]: row for row in raw_rows}
        leads = tuple(from_item(Lead, LeadItem.from_raw_data(row)) for row in raw_rows if row["kind"]["S"] == "lead")
        opt_outs = [
            from_item(OptOut, OptOutItem.from_raw_data(row)) for row in raw_rows if row["kind"]["S"] == "opt_out"
        ]
        known = Known(frozenset(opt_out_ids), {out.id: out for out in opt_outs})
        campaign = from_item(Campaign, CampaignItem.from_raw_data(rows["campaign"])) if "campaign" in rows else None
        batch = read_batch(rows["campaign_batch"]) if "campaign_batch" in rows else None
        client = rows.get("client")
        if client and client["status"]["S"] != ClientStatus.ACTIVE:  # deleted: nothing leaves unless it is restored
            return Loaded()
        settings = json.loads(client["settings"]["S"]) if client else {}
        return Loaded(campaign, batch, settings.get("require_consent") == "true", leads, known)

    def find(self, client_id: str, campaign_id: str, number: int) -> Batch | None:
        rows = get_rows("core", [batch_key(client_id, campaign_id, number)])
        return read_batch(rows[0]) if rows else None

    def page(self, client_id: str, campaign_id: str, after: int, limit: int) -> tuple[Batch, ...]:
        """Batches in order, behind that number."""
        answer = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :next AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": sent_pk(client_id, campaign_id)},
                ":next": {"S": batch_sk(after + 1)},
                ":last": {"S": batch_sk(_LAST)},
            },
            ConsistentRead=True,
            Limit=limit,
        )
        return tuple(map(read_batch, answer["Items"]))

    def save(
        self,
        before: Batch,
        after: Batch,
        *,
        more: Sequence[Change] = (),
        messages: Sequence[Message] = (),
        timers: Sequence[Timer] = (),
    ) -> Batch:
        """Raises PreconditionFailed if someone else wrote it first."""
        changes = [put_batch(after), *counted([(before, after)]), *more, *map(set_timer, timers)]
        write(changes, messages)
        return replace(after, version=after.version + 1)

    def proceed(self, claimed: Batch, progress: Progress) -> bool:
        """Before the next messages leave. False: somebody closed this claim, and nothing more may leave by it."""
        return proceed(claimed, progress)

    def close(self, batch: Batch) -> Progress:
        """How far the batch's claim got. It gets no further."""
        return close(batch)

    def sent(self, before: Batch, after: Batch, campaign: Campaign) -> Batch:
        """The same, and tells the leads' timelines and the log of events what left."""
        left = [
            (place, now)
            for place, (was, now) in enumerate(zip(before.deliveries, after.deliveries, strict=True))
            if now.state is State.SENT and was.state is not State.SENT
        ]
        entries = [
            timeline_entry(after.client_id, one.lead_id, sent_entry(campaign, after.delivery_id(place), one))
            for place, one in left
        ]
        name = sent_name(campaign.channel)
        happened = [Happening(name, place, one.at or campaign.updated_at, "sent") for place, one in left]
        return self.save(before, after, more=entries, messages=logged(after, happened))

    def tell(
        self, before: Batch, after: Batch, lead_id: str, timeline: Sequence[Entry], messages: Sequence[Message]
    ) -> Batch:
        """The same, with what the lead's timeline says of it."""
        entries = [timeline_entry(after.client_id, lead_id, entry) for entry in timeline]
        return self.save(before, after, more=entries, messages=messages)

    def say(self, client_id: str, lead_id: str, entries: Sequence[Entry], messages: Sequence[Message]) -> None:
        """Of what the records say already."""
        write([timeline_entry(client_id, lead_id, entry) for entry in entries], messages)

    def save_with_entries(self, before: Batch, after: Batch, entries: Mapping[str, Entry]) -> Batch:
        """The same, with an entry in the timelines of these leads."""
        more = [timeline_entry(after.client_id, lead_id, entry) for lead_id, entry in entries.items()]
        return self.save(before, after, more=more)

    def last_deliveries(self, client_id: str, lead_id: str, limit: int) -> list[Delivery]:
        """Of the newest campaigns to that lead, the newest first: ids of campaigns are in the order of their making."""
        answer = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": lead_pk(client_id, lead_id)}},
            ScanIndexForward=False,
            Limit=limit,
        )
        places = [row["sk"]["S"].partition("#") for row in answer["Items"]]
        rows = get_rows("core", [batch_key(client_id, name, int(number)) for name, _, number in places])
        batches = sorted(map(read_batch, rows), key=lambda stored_batch: stored_batch.campaign_id, reverse=True)
        return [one for batch in batches for one in batch.deliveries if one.lead_id == lead_id]

    def plan(self, client_id: str, campaign_id: str) -> Plan:
        rows = get_rows("core", [key_of(campaign_pk(client_id, campaign_id), "PLAN")])
        return read_plan(rows[0]) if rows else Plan()

    def add(
        self,
        campaign: Campaign,
        before: Plan,
        after: Plan,
        batches: Sequence[Batch],
        messages: Sequence[Message],
        timers: Sequence[Timer],
        *,
        more: Sequence[Change] = (),
    ) -> None:
        """Write down some of the audience, once: raises PreconditionFailed where the plan went on meanwhile."""
        _point(batches)
        planned = [put_plan(campaign, before, after), *map(put_batch, batches)]
        write([*planned, *counted([(None, batch) for batch in batches]), *more, *map(set_timer, timers)], messages)

    def totals(self, client_id: str, campaign_id: str) -> Totals:
        answer = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": campaign_pk(client_id, campaign_id)},
                ":first": {"S": "COUNT#"},
                ":last": {"S": "PLAN"},
            },
            ConsistentRead=True,
        )
        counts: Counter[str] = Counter()
        for row in answer["Items"]:
            counts.update({name: int(value["N"]) for name, value in row.items() if "/" in name and "N" in value})
        plans = [read_plan(row) for row in answer["Items"] if row["sk"]["S"] == "PLAN"]
        return Totals({name: number for name, number in counts.items() if number}, any(plan.done for plan in plans))


def deliveries_of(client_id: str, lead_id: str) -> Iterator[tuple[str, int]]:
    """Campaigns and numbers of the batches that a lead is in."""
    pages = dynamodb().get_paginator("query")
    values = {":pk": {"S": lead_pk(client_id, lead_id)}}
    for page in pages.paginate(
        TableName=table_name("core"), KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values
    ):
        for row in page["Items"]:
            campaign_id, _, number = row["sk"]["S"].partition("#")
            yield campaign_id, int(number)


def pointer_key(client_id: str, lead_id: str, campaign_id: str, number: int) -> Row:
    return key_of(lead_pk(client_id, lead_id), f"{campaign_id}#{batch_sk(number)}")


def pointer_keys(batch: Batch) -> list[Row]:
    ids = dict.fromkeys(delivery.lead_id for delivery in batch.deliveries)
    return [pointer_key(batch.client_id, identifier, batch.campaign_id, batch.number) for identifier in ids]


def _point(batches: Iterable[Batch]) -> None:
    """From leads to their batches. Before these, and again: a pointer that leads nowhere harms nobody."""
    rows = [{**key, "kind": {"S": "campaign_pointer"}} for batch in batches for key in pointer_keys(batch)]
    for chunk in batched(rows, _PUTS, strict=False):
        _put_all([{"PutRequest": {"Item": row}} for row in chunk])


def _put_all(requests: Sequence[Any]) -> None:
    name = table_name("core")
    for attempt in range(_ATTEMPTS):
        left = dynamodb().batch_write_item(RequestItems={name: requests}).get("UnprocessedItems", {}).get(name)
        if not left:
            return
        requests = left
        time.sleep(0.05 * 2**attempt)
    raise Unavailable(Outage("storage"))
