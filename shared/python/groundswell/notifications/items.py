"""How notifications lie in the core table.

| pk | sk | gsi1pk, gsi1sk | what |
|---|---|---|---|
| `NOTIFICATIONS#<user>` | `NOTE#<id>` | `CLIENT#<client>`, `NOTIFICATION#<id>` | notification; gone after 90 days |
| `NOTIFICATIONS#<user>` | `LINE#<end of its group>#<id>` | likewise, `…#LINE` | waits for its group's mail |
| `NOTIFICATIONS#<user>` | `READ` | | up to when everything is read |
| `NOTIFICATIONS#<user>` | `PREFERENCES` | | what the user chose |
| `NOTIFICATIONS#<user>` | `GROUP` | | until when mails are collected |
"""

from datetime import datetime

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.kernel.clock import rfc3339
from groundswell.notifications.model import KEPT, Group, Notification, Preferences
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item


class NotificationItem(CoreItem):
    id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    object_type = UnicodeAttribute()
    object_id = UnicodeAttribute()
    told_of = UnicodeAttribute()
    text = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    read_at = UTCDateTimeAttribute(null=True)


class ReadItem(CoreItem):
    until = UTCDateTimeAttribute()


class PreferencesItem(CoreItem):
    user_id = UnicodeAttribute()
    choices = JSONAttribute()


class GroupItem(CoreItem):
    user_id = UnicodeAttribute()
    ends_at = UTCDateTimeAttribute()


def own(user_id: str) -> str:
    return f"NOTIFICATIONS#{user_id}"


def line_sk(ends_at: datetime, id_: str = "") -> str:
    return f"LINE#{rfc3339(ends_at)}#{id_}"


def notification_item(notification: Notification, *, waits_for: datetime | None = None) -> NotificationItem:
    """The notification itself, or its line in the mail of a group."""
    values = {name: value for name, value in vars(notification).items() if name not in ("kind", "version")}
    item = NotificationItem(
        own(notification.user_id),
        line_sk(waits_for, notification.id) if waits_for else f"NOTE#{notification.id}",
        kind="notification",
        told_of=notification.kind,
        gsi1pk=f"CLIENT#{notification.client_id}",
        gsi1sk=f"NOTIFICATION#{notification.id}{'#LINE' if waits_for else ''}",
        expires_at=int((notification.created_at + KEPT).timestamp()),
        **{name: value for name, value in values.items() if value is not None},
    )
    if notification.version:
        item.version = notification.version
    return item


def notification_from(item: NotificationItem) -> Notification:
    return Notification(
        item.id,
        item.user_id,
        item.client_id,
        item.told_of,
        item.text,
        item.object_type,
        item.object_id,
        item.created_at,
        item.read_at,
        int(item.version or 0),
    )


def preferences_item(preferences: Preferences) -> PreferencesItem:
    return to_item(
        PreferencesItem, preferences, own(preferences.user_id), "PREFERENCES", kind="notification_preferences"
    )


def group_item(group: Group) -> GroupItem:
    return to_item(GroupItem, group, own(group.user_id), "GROUP", kind="notification_group")
