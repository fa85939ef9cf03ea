"""What webhooks get of syncs, and whom notifications tell of a connection that a person has to mend."""

from collections.abc import Mapping
from typing import Any

from groundswell.integrations.model import Connection, Status, Sync, SyncStatus
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.notifications.message import Kind, notification_message
from groundswell.webhooks.events import event_message

_SYNC: Mapping[str, Any] = {
    "sync_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51",
    "platform": "meta_ads",
    "status": "succeeded",
    "trigger": "schedule",
    "full_refresh": False,
    "streams": [{"name": "ads_insights", "read": 120, "written": 12, "quarantined": 0}],
    "error": None,
    "started_at": "2026-11-30T12:00:00.000Z",
    "finished_at": "2026-11-30T12:00:09.000Z",
}
_ERROR = {"kind": "config_error", "message": "Error validating access token: Session has expired"}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    "integration.sync_started": {**_SYNC, "status": "running", "finished_at": None},
    "integration.sync_succeeded": _SYNC,
    "integration.sync_failed": {**_SYNC, "status": "failed", "error": _ERROR},
    "integration.sync_cancelled": {**_SYNC, "status": "cancelled"},
    "integration.needs_reauth": {"platform": "meta_ads", "message": _ERROR["message"]},
}
NEEDS_REAUTH = Kind("integration.needs_reauth", "A platform has to be connected anew")
KINDS = (NEEDS_REAUTH,)
_OF_STATUS = {
    SyncStatus.RUNNING: "integration.sync_started",
    SyncStatus.SUCCEEDED: "integration.sync_succeeded",
    SyncStatus.FAILED: "integration.sync_failed",
    SyncStatus.CANCELLED: "integration.sync_cancelled",
}


def sync_messages(sync: Sync) -> tuple[Message, ...]:
    data = {
        "sync_id": sync.id,
        "platform": sync.platform,
        "status": sync.status.value,
        "trigger": sync.trigger,
        "full_refresh": sync.full_refresh,
        "streams": [vars(stream) for stream in sync.streams],
        "error": {"kind": sync.error.kind, "message": sync.error.message} if sync.error else None,
        "started_at": rfc3339(sync.started_at) if sync.started_at else None,
        "finished_at": rfc3339(sync.finished_at) if sync.finished_at else None,
    }
    event_id = f"sync:{sync.id}:{sync.status.value}"
    return (event_message(sync.client_id, _OF_STATUS[sync.status], data, id=event_id, at=sync.updated_at),)


def reauth_messages(before: Connection, after: Connection) -> tuple[Message, ...]:
    """Once for each time that the credentials cease to work; people are told who connected it, if that is a person."""
    if after.status is not Status.NEEDS_REAUTH or before.status is after.status or after.last_error is None:
        return ()
    at, name = after.last_error.at, f"reauth:{after.platform}:{round(after.last_error.at.timestamp())}"
    data = {"platform": after.platform, "message": after.last_error.message}
    event = event_message(after.client_id, "integration.needs_reauth", data, id=name, at=at)
    if ":" in after.created_by:
        return (event,)
    notification = notification_message(
        after.client_id,
        [after.created_by],
        NEEDS_REAUTH,
        f"{after.platform} refuses its credentials: connect it anew",
        object_type="integration",
        object_id=after.platform,
        id=f"{after.client_id}:{name}",
        at=at,
    )
    return (event, notification)
