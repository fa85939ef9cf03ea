"""The ledger's rows: ten deliveries, the counters that they move, and how far the plan is."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from groundswell.campaigns.items import campaign_pk, sent_pk
from groundswell.campaigns.ledger import Batch, Click, Delivery, Plan, State
from groundswell.campaigns.model import Campaign
from groundswell.kernel.errors import PreconditionFailed
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change

SHARDS = 16
type Row = dict[str, Any]


def counted(pairs: Iterable[tuple[Batch | None, Batch]]) -> list[Change]:
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
        "Key": key_of(pk, f"COUNT#{shard:02d}"),
        "UpdateExpression": "SET kind = :kind ADD " + ", ".join(f"{name} :s{name[2:]}" for name in names),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {
            ":kind": {"S": "campaign_count"},
            **{f":s{key[2:]}": {"N": str(steps[name])} for key, name in names.items()},
        },
    }
    return Change({"Update": operation}, PreconditionFailed())


def put_batch(batch: Batch) -> Change:
    content = json.dumps(
        [record_of(delivery) for delivery in batch.deliveries], ensure_ascii=False, separators=(",", ":")
    )
    row: Row = {
        **batch_key(batch.client_id, batch.campaign_id, batch.number),
        "kind": {"S": "campaign_batch"},
        "run": {"N": str(batch.run)},
        "deliveries": {"S": content},
        "version": {"N": str(batch.version + 1)},
    }
    if batch.token and batch.leased_until:
        row |= {"claim": {"S": batch.token}, "leased_until": {"S": batch.leased_until.isoformat()}}
    return _versioned(row, batch.version)


def put_plan(campaign: Campaign, before: Plan, after: Plan) -> Change:
    row: Row = {
        **key_of(campaign_pk(campaign.client_id, campaign.id), "PLAN"),
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


def read_plan(row: Row) -> Plan:
    number, run, version = (int(row[name]["N"]) for name in ("number", "run", "version"))
    return Plan(run, json.loads(row["position"]["S"]), number, bool(row["done"]["BOOL"]), version)


_DEFAULTS = {field.name: field.default for field in fields(Delivery)}


def record_of(delivery: Delivery) -> Row:
    """Without what is as in a new one."""
    record = {
        name: value for name in _DEFAULTS if (value := getattr(delivery, name)) != _DEFAULTS[name] or name == "lead_id"
    }
    for name in ("at", "opened_at"):
        if name in record:
            record[name] = record[name].isoformat()
    if "clicks" in record:
        record["clicks"] = [asdict(click) | {"at": click.at.isoformat()} for click in delivery.clicks]
    return record


def read_batch(row: Row) -> Batch:
    _, client_id, campaign_id = row["pk"]["S"].split("#")
    lease = row.get("leased_until")
    return Batch(
        client_id,
        campaign_id,
        int(row["sk"]["S"]),
        int(row["run"]["N"]),
        tuple(delivery_of(load) for load in json.loads(row["deliveries"]["S"])),
        row["claim"]["S"] if "claim" in row else None,
        datetime.fromisoformat(lease["S"]) if lease else None,
        int(row["version"]["N"]),
    )


def delivery_of(record: Row) -> Delivery:
    more: Row = {name: datetime.fromisoformat(record[name]) for name in ("at", "opened_at") if name in record}
    clicks = tuple(Click(**{**click, "at": datetime.fromisoformat(click["at"])}) for click in record.get("clicks", ()))
    state = State(record.get("state", State.PENDING))
    revenues = tuple((currency, amount) for currency, amount in record.get("revenues", ()))
    return Delivery(**{**record, **more, "state": state, "clicks": clicks, "revenues": revenues})


def batch_sk(number: int) -> str:
    return f"{number:09d}"


def key_of(pk: str, sk: str) -> Row:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def batch_key(client_id: str, campaign_id: str, number: int) -> Row:
    return key_of(sent_pk(client_id, campaign_id), batch_sk(number))
