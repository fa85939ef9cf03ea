"""The ledger in DynamoDB: batches with their records, totals in shards, and how far the plan is.

A batch is written on the condition that nobody wrote it since it was read, together with the difference it makes to one
of sixteen counters: two items, eight write units for ten recipients.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from itertools import batched
from typing import Any

from groundswell.campaigns.event_log import Happening, logged, sent_name
from groundswell.campaigns.items import CampaignItem, campaign_pk, lead_pk, sent_pk
from groundswell.campaigns.ledger import Batch, Click, Delivery, Plan, State, Totals
from groundswell.campaigns.model import Campaign
from groundswell.campaigns.sending import Loaded
from groundswell.campaigns.timeline import sent_entry
from groundswell.kernel.errors import Outage, PreconditionFailed, Unavailable
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

SHARDS = 16
_PUTS = 25  # BatchWriteItem's limit
_ATTEMPTS = 8
type Row = dict[str, Any]


class DynamoLedger:
    def load(self, client_id: str, campaign_id: str, number: int, lead_ids: Sequence[str] = ()) -> Loaded:
        """The campaign, one of its batches, what its client set, and these leads, in one call."""
        keys = [
            _key(campaign_pk(client_id, campaign_id), "CAMPAIGN"),
            _batch_key(client_id, campaign_id, number),
            _key(f"CLIENT#{client_id}", "CLIENT"),
            *(_key(leads_pk(client_id, each), "LEAD") for each in lead_ids),
        ]
        found = get_rows("core", keys)
        rows = {row["kind"]["S"]: row for row in found}
        leads = tuple(from_item(Lead, LeadItem.from_raw_data(row)) for row in found if row["kind"]["S"] == "lead")
        campaign = from_item(Campaign, CampaignItem.from_raw_data(rows["campaign"])) if "campaign" in rows else None
        batch = _batch(rows["campaign_batch"]) if "campaign_batch" in rows else None
        client = rows.get("client")
        if client and client["status"]["S"] != ClientStatus.ACTIVE:  # deleted: nothing leaves unless it is restored
            return Loaded()
        settings = json.loads(client["settings"]["S"]) if client else {}
        return Loaded(campaign, batch, settings.get("require_consent") == "true", leads)

    def find(self, client_id: str, campaign_id: str, number: int) -> Batch | None:
        rows = get_rows("core", [_batch_key(client_id, campaign_id, number)])
        return _batch(rows[0]) if rows else None

    def page(self, client_id: str, campaign_id: str, after: int, limit: int) -> tuple[Batch, ...]:
        """Batches in order, behind that number."""
        answer = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk > :after",
            ExpressionAttributeValues={
                ":pk": {"S": sent_pk(client_id, campaign_id)},
                ":after": {"S": _number(after) if after >= 0 else " "},
            },
            ConsistentRead=True,
            Limit=limit,
        )
        return tuple(map(_batch, answer["Items"]))

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
        changes = [_put(after), *_counted([(before, after)]), *more, *map(set_timer, timers)]
        write(changes, messages)
        return replace(after, version=after.version + 1)

    def sent(self, before: Batch, after: Batch, campaign: Campaign) -> Batch:
        """The same, and tells the leads' timelines and the log of events what left."""
        left = [
            (place, now)
            for place, (was, now) in enumerate(zip(before.deliveries, after.deliveries, strict=True))
            if now.state is State.SENT and was.state is not State.SENT
        ]
        told = [
            timeline_entry(after.client_id, one.lead_id, sent_entry(campaign, after.delivery_id(place), one))
            for place, one in left
        ]
        name = sent_name(campaign.channel)
        happened = [Happening(name, place, one.at or campaign.updated_at, "sent") for place, one in left]
        return self.save(before, after, more=told, messages=logged(after, happened))

    def tell(
        self, before: Batch, after: Batch, lead_id: str, told: Sequence[Entry], messages: Sequence[Message]
    ) -> Batch:
        """The same, with what the lead's timeline says of it."""
        entries = [timeline_entry(after.client_id, lead_id, each) for each in told]
        return self.save(before, after, more=entries, messages=messages)

    def say(self, client_id: str, lead_id: str, told: Sequence[Entry], messages: Sequence[Message]) -> None:
        """Of what the records say already."""
        write([timeline_entry(client_id, lead_id, each) for each in told], messages)

    def told(self, before: Batch, after: Batch, entries: Mapping[str, Entry]) -> Batch:
        """The same, with an entry in the timelines of these leads."""
        more = [timeline_entry(after.client_id, lead_id, each) for lead_id, each in entries.items()]
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
        rows = get_rows("core", [_batch_key(client_id, name, int(number)) for name, _, number in places])
        batches = sorted(map(_batch, rows), key=lambda each: each.campaign_id, reverse=True)
        return [one for batch in batches for one in batch.deliveries if one.lead_id == lead_id]

    def plan(self, client_id: str, campaign_id: str) -> Plan:
        rows = get_rows("core", [_key(campaign_pk(client_id, campaign_id), "PLAN")])
        return _plan(rows[0]) if rows else Plan()

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
        counted = _counted([(None, each) for each in batches])
        plan = _put_plan(campaign, before, after)
        write([plan, *map(_put, batches), *counted, *more, *map(set_timer, timers)], messages)

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
        plans = [_plan(row) for row in answer["Items"] if row["sk"]["S"] == "PLAN"]
        return Totals({name: number for name, number in counts.items() if number}, any(each.done for each in plans))


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
    return _key(lead_pk(client_id, lead_id), f"{campaign_id}#{_number(number)}")


def pointer_keys(batch: Batch) -> list[Row]:
    ids = dict.fromkeys(each.lead_id for each in batch.deliveries)
    return [pointer_key(batch.client_id, each, batch.campaign_id, batch.number) for each in ids]


def _point(batches: Iterable[Batch]) -> None:
    """From leads to their batches. Before these, and again: a pointer that leads nowhere harms nobody."""
    rows = [{**each, "kind": {"S": "campaign_pointer"}} for batch in batches for each in pointer_keys(batch)]
    for some in batched(rows, _PUTS, strict=False):
        _put_all([{"PutRequest": {"Item": row}} for row in some])


def _put_all(requests: Sequence[Any]) -> None:
    name = table_name("core")
    for attempt in range(_ATTEMPTS):
        left = dynamodb().batch_write_item(RequestItems={name: requests}).get("UnprocessedItems", {}).get(name)
        if not left:
            return
        requests = left
        time.sleep(0.05 * 2**attempt)
    raise Unavailable(Outage("storage"))


def _counted(pairs: Iterable[tuple[Batch | None, Batch]]) -> list[Change]:
    steps: dict[tuple[str, int], Counter[str]] = {}
    for before, after in pairs:
        counter = steps.setdefault((campaign_pk(after.client_id, after.campaign_id), after.number % SHARDS), Counter())
        counter.update(after.counts)
        if before is not None:
            counter.subtract(before.counts)
    moved = {place: {name: step for name, step in counter.items() if step} for place, counter in steps.items()}
    return [_add(pk, shard, step) for (pk, shard), step in moved.items() if step]


def _add(pk: str, shard: int, steps: dict[str, int]) -> Change:
    names = {f"#n{number}": name for number, name in enumerate(sorted(steps))}
    operation = {
        "TableName": table_name("core"),
        "Key": _key(pk, f"COUNT#{shard:02d}"),
        "UpdateExpression": "SET kind = :kind ADD " + ", ".join(f"{each} :s{each[2:]}" for each in names),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {
            ":kind": {"S": "campaign_count"},
            **{f":s{each[2:]}": {"N": str(steps[name])} for each, name in names.items()},
        },
    }
    return Change({"Update": operation}, PreconditionFailed())


def _put(batch: Batch) -> Change:
    content = json.dumps([_record(each) for each in batch.deliveries], ensure_ascii=False, separators=(",", ":"))
    row: Row = {
        **_batch_key(batch.client_id, batch.campaign_id, batch.number),
        "kind": {"S": "campaign_batch"},
        "run": {"N": str(batch.run)},
        "deliveries": {"S": content},
        "version": {"N": str(batch.version + 1)},
    }
    if batch.token and batch.leased_until:
        row |= {"claim": {"S": batch.token}, "leased_until": {"S": batch.leased_until.isoformat()}}
    return _versioned(row, batch.version)


def _put_plan(campaign: Campaign, before: Plan, after: Plan) -> Change:
    row: Row = {
        **_key(campaign_pk(campaign.client_id, campaign.id), "PLAN"),
        "kind": {"S": "campaign_plan"},
        "run": {"N": str(after.run)},
        "number": {"N": str(after.number)},
        "done": {"BOOL": after.done},
        "position": {"S": json.dumps(after.position)},
        "version": {"N": str(before.version + 1)},
    }
    return _versioned(row, before.version)


def _versioned(row: Row, version: int) -> Change:
    operation: Row = {"TableName": table_name("core"), "Item": row}
    if version:
        operation["ConditionExpression"] = "version = :read"
        operation["ExpressionAttributeValues"] = {":read": {"N": str(version)}}
    else:
        operation["ConditionExpression"] = "attribute_not_exists(pk)"
    return Change({"Put": operation}, PreconditionFailed())


def _plan(row: Row) -> Plan:
    number, run, version = (int(row[name]["N"]) for name in ("number", "run", "version"))
    return Plan(run, json.loads(row["position"]["S"]), number, bool(row["done"]["BOOL"]), version)


_DEFAULTS = {each.name: each.default for each in fields(Delivery)}


def _record(delivery: Delivery) -> Row:
    """Without what is as in a new one."""
    record = {
        name: value for name in _DEFAULTS if (value := getattr(delivery, name)) != _DEFAULTS[name] or name == "lead_id"
    }
    for name in ("at", "opened_at"):
        if name in record:
            record[name] = record[name].isoformat()
    if "clicks" in record:
        record["clicks"] = [asdict(each) | {"at": each.at.isoformat()} for each in delivery.clicks]
    return record


def _batch(row: Row) -> Batch:
    _, client_id, campaign_id = row["pk"]["S"].split("#")
    lease = row.get("leased_until")
    return Batch(
        client_id,
        campaign_id,
        int(row["sk"]["S"]),
        int(row["run"]["N"]),
        tuple(_delivery(each) for each in json.loads(row["deliveries"]["S"])),
        row["claim"]["S"] if "claim" in row else None,
        datetime.fromisoformat(lease["S"]) if lease else None,
        int(row["version"]["N"]),
    )


def _delivery(record: Row) -> Delivery:
    more: Row = {name: datetime.fromisoformat(record[name]) for name in ("at", "opened_at") if name in record}
    clicks = tuple(Click(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in record.get("clicks", ()))
    state = State(record.get("state", State.PENDING))
    revenues = tuple((currency, amount) for currency, amount in record.get("revenues", ()))
    return Delivery(**{**record, **more, "state": state, "clicks": clicks, "revenues": revenues})


def _number(number: int) -> str:
    return f"{number:09d}"


def _key(pk: str, sk: str) -> Row:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _batch_key(client_id: str, campaign_id: str, number: int) -> Row:
    return _key(sent_pk(client_id, campaign_id), _number(number))
