"""How the audit log lies in the core table: `AUDIT#<org>`, `<time-ordered id>`. Entries are only ever added."""

from datetime import timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audit.model import Entry
from groundswell.kernel.clock import utc_now
from groundswell.kernel.context import origin
from groundswell.kernel.ids import new_id
from groundswell.storage.core import CoreItem
from groundswell.storage.transaction import Change, put

KEPT = timedelta(days=400)


class AuditItem(CoreItem):
    id = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    org_id = UnicodeAttribute()
    action = UnicodeAttribute()
    actor = UnicodeAttribute()
    target = UnicodeAttribute()
    details = JSONAttribute()
    ip = UnicodeAttribute(null=True)
    request_id = UnicodeAttribute(null=True)


def audit_item(entry: Entry) -> AuditItem:
    """With its own id and time, and where the request at hand came from."""
    now, entry_id, where = utc_now(), new_id(), origin.get()
    return AuditItem(
        f"AUDIT#{entry.org_id}",
        entry_id,
        kind="audit",
        id=entry_id,
        at=now,
        org_id=entry.org_id,
        action=entry.action,
        actor=entry.actor,
        target=entry.target,
        details=dict(entry.details),
        ip=where.ip if where else None,
        request_id=where.request_id if where else None,
        expires_at=int((now + KEPT).timestamp()),
    )


def note(entry: Entry) -> Change:
    """For `storage.core.write`: the entry is written together with what it tells of, or neither is."""
    return put(audit_item(entry))


def raw(entry: Entry) -> dict[str, Any]:
    """The same as DynamoDB attribute values, for a transaction that reaches beyond the core table."""
    item = audit_item(entry)
    attributes: dict[str, Any] = item.serialize()
    return attributes | {"version": {"N": "1"}}
