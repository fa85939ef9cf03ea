"""Notifications in DynamoDB (how they lie there: `items`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from groundswell.kernel.errors import Conflict
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.notifications.items import (
    GroupItem,
    NotificationItem,
    PreferencesItem,
    ReadItem,
    group_item,
    line_sk,
    notification_from,
    notification_item,
    own,
    preferences_item,
)
from groundswell.notifications.message import QUEUE
from groundswell.notifications.model import Group, Notification, Preferences, Recipient
from groundswell.schedules.store import set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, get_rows
from groundswell.storage.transaction import Change, check_version, delete, put, write

TIMER = "notifications.group"
_READ_AT_MOST = 1000
_SENT_AT_MOST = 90
"""Lines of one mail: they are deleted in the transaction that lets it leave."""


class _AddedBefore(Conflict):
    pass


class DynamoNotificationStore:
    def page(self, user_id: str, unread: bool, limit: int, position: Position | None) -> Page[Notification]:
        high = f"NOTE#{position['id']}" if position else "NOTE$"
        read_until = self._read_until(user_id)
        results = NotificationItem.query(
            own(user_id),
            NotificationItem.sk.between("NOTE#", high),
            scan_index_forward=False,
            limit=_READ_AT_MOST if unread else limit + 2,
            page_size=_READ_AT_MOST if unread else limit + 2,
        )
        shown: list[Notification] = []
        for item in results:
            notification = _marked(notification_from(item), read_until)
            if position and notification.id == position["id"]:
                continue
            if unread and read_until and notification.created_at <= read_until:
                return Page(tuple(shown))
            if unread and notification.read_at:
                continue
            if len(shown) == limit:
                return Page(tuple(shown), {"id": shown[-1].id})
            shown.append(notification)
        last = results.last_evaluated_key
        return Page(tuple(shown), {"id": last["sk"]["S"].removeprefix("NOTE#")} if unread and last else None)

    def find(self, user_id: str, notification_id: str) -> Notification | None:
        try:
            item = NotificationItem.get(own(user_id), f"NOTE#{notification_id}", consistent_read=True)
        except NotificationItem.DoesNotExist:
            return None
        return _marked(notification_from(item), self._read_until(user_id))

    def mark(self, notification: Notification) -> Notification:
        item = notification_item(notification)
        write([put(item)])
        return replace(notification, version=int(item.version or 0))

    def mark_all(self, user_id: str, now: datetime) -> None:
        ReadItem(own(user_id), "READ", kind="notifications_read", until=now).save(add_version_condition=False)

    def preferences(self, user_id: str) -> Preferences:
        return find(Preferences, PreferencesItem, own(user_id), "PREFERENCES") or Preferences(user_id)

    def save_preferences(self, preferences: Preferences) -> Preferences:
        item = preferences_item(preferences)
        write([put(item)])
        return replace(preferences, version=int(item.version or 0))

    @staticmethod
    def _read_until(user_id: str) -> datetime | None:
        try:
            until: datetime = ReadItem.get(own(user_id), "READ", consistent_read=True).until
        except ReadItem.DoesNotExist:
            return None
        return until


class DynamoTellingStore:
    def recipients(self, user_ids: Sequence[str]) -> list[Recipient]:
        keys = [
            {"pk": {"S": pk}, "sk": {"S": sk}}
            for user_id in user_ids
            for pk, sk in ((f"USER#{user_id}", "USER"), (own(user_id), "PREFERENCES"), (own(user_id), "GROUP"))
        ]
        rows = {(row["pk"]["S"], row["sk"]["S"]): row for row in get_rows("core", keys)}
        recipients = (_recipient(rows, user_id) for user_id in user_ids)
        return [recipient for recipient in recipients if recipient is not None]

    def add(
        self, notification: Notification, shown: bool, group: Group | None, waits: bool, messages: Sequence[Message]
    ) -> bool:
        # What is not shown is remembered all the same, as a line that was sent: nobody is told twice.
        mark = notification_item(notification) if shown else _unseen(notification)
        changes = [put(mark, _AddedBefore())]
        if group is not None:
            changes += _waiting(notification, group) if waits else [put(group_item(group))]
        try:
            write(changes, messages)
        except _AddedBefore:
            return False
        return True

    def waiting(self, user_id: str, ends_at: datetime) -> list[Notification]:
        below = NotificationItem.sk.startswith(line_sk(ends_at))
        items = NotificationItem.query(own(user_id), below, consistent_read=True, limit=_SENT_AT_MOST)
        return [notification_from(item) for item in items]

    def sent(self, ends_at: datetime, waiting: Sequence[Notification], messages: Sequence[Message]) -> None:
        write([delete(notification_item(notification, waits_for=ends_at)) for notification in waiting], messages)


def _waiting(notification: Notification, group: Group) -> list[Change]:
    """Its line, while the group is the one that was read, and the timer of the group's end."""
    timer = Timer(
        notification.user_id,
        TIMER,
        str(int(group.ends_at.timestamp() * 1000)),
        group.ends_at,
        QUEUE,
        {"user_id": notification.user_id, "ends_at": group.ends_at.isoformat()},
    )
    line = notification_item(replace(notification, version=0), waits_for=group.ends_at)
    unchanged = check_version(own(group.user_id), "GROUP", group.version, _GroupChanged())
    return [put(line), unchanged, set_timer(timer)]


class _GroupChanged(Conflict):
    code = "GROUP_CHANGED"
    message = "Somebody else began another group: try again"


def _unseen(notification: Notification) -> NotificationItem:
    item = notification_item(notification)
    item.sk = f"SENT#{notification.id}"
    return item


def _marked(notification: Notification, read_until: datetime | None) -> Notification:
    if notification.read_at or read_until is None or notification.created_at > read_until:
        return notification
    return replace(notification, read_at=read_until)


def _recipient(rows: Mapping[tuple[str, str], dict[str, Any]], user_id: str) -> Recipient | None:
    user = rows.get((f"USER#{user_id}", "USER"))
    if user is None or not user["is_active"]["BOOL"]:
        return None
    chosen, group = rows.get((own(user_id), "PREFERENCES")), rows.get((own(user_id), "GROUP"))
    return Recipient(
        user_id,
        user["email"]["S"],
        from_item(Preferences, PreferencesItem.from_raw_data(chosen)) if chosen else Preferences(user_id),
        from_item(Group, GroupItem.from_raw_data(group)) if group else None,
    )
