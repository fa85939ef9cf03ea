"""How integrations lie in the core table. Ad rows: `adapter_facts`.

| pk | sk | what |
|---|---|---|
| `INTEGRATIONS#<client>` | `<platform>` | connection |
| | `<platform>#KEYS` | its credentials, sealed; who renews them |
| `SYNCS#<client>` | `<platform>#<sync>` | sync; expires 90 days after its end |
| `SYNCED#<client>` | `<platform>#<stream>#<id>` | a record; `gsi1` has a stream's by time |
| `QUARANTINE#<client>` | `<platform>#<id>` | a record that could not be taken; expires after 30 days |
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from groundswell.integrations.model import KEPT, QUARANTINED_FOR, Connection, Quarantined, Sync
from groundswell.integrations.records import Record
from groundswell.kernel.clock import rfc3339
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item


class ConnectionItem(CoreItem):
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    platform = UnicodeAttribute()
    status = UnicodeAttribute()
    accounts = JSONAttribute()
    every_minutes = NumberAttribute()
    lookback_days = NumberAttribute(null=True)
    settings = JSONAttribute()
    hook = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    streams = JSONAttribute()
    sync_id = UnicodeAttribute(null=True)
    last_sync_at = UTCDateTimeAttribute(null=True)
    next_sync_at = UTCDateTimeAttribute(null=True)
    last_error = JSONAttribute(null=True)


class SyncItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    platform = UnicodeAttribute()
    status = UnicodeAttribute()
    trigger = UnicodeAttribute()
    streams = JSONAttribute()
    account_ids = JSONAttribute()
    until = UTCDateTimeAttribute()
    full_refresh = BooleanAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    since = UnicodeAttribute(null=True)
    position = JSONAttribute()
    waits = NumberAttribute()
    leased_until = UTCDateTimeAttribute(null=True)
    resume_at = UTCDateTimeAttribute(null=True)
    started_at = UTCDateTimeAttribute(null=True)
    finished_at = UTCDateTimeAttribute(null=True)
    error = JSONAttribute(null=True)


def connections_pk(client_id: str) -> str:
    return f"INTEGRATIONS#{client_id}"


def syncs_pk(client_id: str) -> str:
    return f"SYNCS#{client_id}"


def objects_pk(client_id: str) -> str:
    return f"SYNCED#{client_id}"


def quarantine_pk(client_id: str) -> str:
    return f"QUARANTINE#{client_id}"


def keys_key(client_id: str, platform: str) -> dict[str, Any]:
    return {"pk": {"S": connections_pk(client_id)}, "sk": {"S": f"{platform}#KEYS"}}


def connection_item(connection: Connection) -> ConnectionItem:
    pk = connections_pk(connection.client_id)
    return to_item(ConnectionItem, connection, pk, connection.platform, kind="integration")


def sync_item(sync: Sync) -> SyncItem:
    sk = f"{sync.platform}#{sync.id}"
    expires = {"expires_at": int((sync.finished_at + KEPT).timestamp())} if sync.finished_at else {}
    return to_item(SyncItem, sync, syncs_pk(sync.client_id), sk, kind="sync", **expires)


def object_key(client_id: str, platform: str, stream: str, name: str) -> dict[str, Any]:
    return {"pk": {"S": objects_pk(client_id)}, "sk": {"S": f"{platform}#{stream}#{name}"}}


def object_row(client_id: str, platform: str, record: Record, as_of: datetime) -> dict[str, Any]:
    content = {"fields": record.fields, "raw": record.raw}
    at = rfc3339(record.updated_at or as_of)
    return {
        **object_key(client_id, platform, record.stream, record.id),
        "kind": {"S": "synced"},
        "gsi1pk": {"S": f"SYNCED#{client_id}#{platform}#{record.stream}"},
        "gsi1sk": {"S": f"{at}#{record.id}"},
        "account_id": {"S": record.account_id},
        "as_of": {"S": rfc3339(as_of)},
        **({"updated_at": {"S": rfc3339(record.updated_at)}} if record.updated_at else {}),
        "content": {"S": json.dumps(content, default=str, ensure_ascii=False, separators=(",", ":"))},
    }


def read_object(row: Mapping[str, Any]) -> Record:
    _, stream, name = row["sk"]["S"].split("#", 2)
    content = json.loads(row["content"]["S"])
    updated = datetime.fromisoformat(row["updated_at"]["S"]) if "updated_at" in row else None
    return Record(stream, name, row["account_id"]["S"], updated, content["fields"], content["raw"])


def quarantine_row(client_id: str, item: Quarantined) -> dict[str, Any]:
    content = {**asdict(item), "at": rfc3339(item.at)}
    return {
        "pk": {"S": quarantine_pk(client_id)},
        "sk": {"S": f"{item.platform}#{item.id}"},
        "kind": {"S": "quarantined"},
        "content": {"S": json.dumps(content, default=str, ensure_ascii=False, separators=(",", ":"))},
        "expires_at": {"N": str(int((item.at + QUARANTINED_FOR).timestamp()))},
    }


def read_quarantined(row: Mapping[str, Any]) -> Quarantined:
    content = json.loads(row["content"]["S"])
    return Quarantined(**{**content, "at": datetime.fromisoformat(content["at"])})
