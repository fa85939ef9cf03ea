"""Connections and syncs in DynamoDB."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.integrations.adapter_facts import count_rows
from groundswell.integrations.adapter_objects import DynamoObjects, DynamoQuarantine
from groundswell.integrations.events import reauth_messages, sync_messages
from groundswell.integrations.items import (
    ConnectionItem,
    SyncItem,
    connection_item,
    connections_pk,
    keys_key,
    sync_item,
    syncs_pk,
)
from groundswell.integrations.model import Connection, Sync, SyncRunning
from groundswell.integrations.platform import Stream
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, list_page
from groundswell.storage.transaction import Change, delete_row, put, write

TIMER = "integration.sync"
_ATTEMPTS = 8


class DynamoSyncStore:
    """Writes of one item are conditional on its version: whoever was overtaken or cancelled is refused."""

    def connection(self, client_id: str, platform: str) -> Connection | None:
        return find(Connection, ConnectionItem, connections_pk(client_id), platform)

    def connections(self, client_id: str) -> tuple[Connection, ...]:
        items = ConnectionItem.query(
            connections_pk(client_id), filter_condition=ConnectionItem.kind == "integration", consistent_read=True
        )
        return tuple(from_item(Connection, item) for item in items)

    def sync(self, client_id: str, platform: str, sync_id: str) -> Sync | None:
        return find(Sync, SyncItem, syncs_pk(client_id), f"{platform}#{sync_id}")

    def syncs(self, client_id: str, platform: str, limit: int, position: Position | None) -> Page[Sync]:
        """Newest first."""
        return list_page(
            Sync, SyncItem, syncs_pk(client_id), platform, limit, position, newest_first=True, own_keys=True
        )

    def save_sync(self, sync: Sync) -> Sync:
        """One write."""
        item = sync_item(sync)
        write([put(item)])
        return replace(sync, version=item.version)

    def begin(self, sync: Sync) -> Sync:
        item = sync_item(sync)
        write([put(item)], sync_messages(sync))
        return replace(sync, version=item.version)

    def settle(self, client_id: str, platform: str, sync: Sync, change: Callable[[Connection], Connection]) -> None:
        for _ in range(_ATTEMPTS):
            before = self.connection(client_id, platform)
            if before is None or before.sync_id != sync.id:
                return write([put(sync_item(sync))], sync_messages(sync))
            after = change(before)
            refused = PreconditionFailed("the connection changed meanwhile", details={"connection": platform})
            messages = (*sync_messages(sync), *reauth_messages(before, after))
            try:
                return write([put(sync_item(sync)), put(connection_item(after), refused)], messages)
            except PreconditionFailed as error:
                if error is not refused:
                    raise
        raise PreconditionFailed

    def keep(self, client_id: str, platform: str, change: Callable[[Connection], Connection]) -> None:
        for _ in range(_ATTEMPTS):
            before = self.connection(client_id, platform)
            if before is None:
                return None
            try:
                return write([put(connection_item(change(before)))])
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def start(
        self, connection: Connection, sync: Sync, order: Message, due: datetime | None
    ) -> tuple[Connection, Sync]:
        """A sync that the worker hears of, and when the next one is. Raises SyncRunning where another began."""
        item, begun = connection_item(replace(connection, sync_id=sync.id)), sync_item(sync)
        changes = [put(item, SyncRunning()), put(begun), *_timer(connection, due)]
        write(changes, [order])
        return replace(connection, sync_id=sync.id, version=item.version), replace(sync, version=begun.version)

    def connect(
        self, connection: Connection, credentials: Change, sync: Sync, order: Message, due: datetime, entry: Entry
    ) -> Connection:
        """Everything that a connection begins with. Raises SyncRunning, PreconditionFailed."""
        item = connection_item(connection)
        changes = [put(item), credentials, put(sync_item(sync)), *_timer(connection, due), note(entry)]
        write(changes, [order])
        return replace(connection, version=item.version)

    def reconnect(self, connection: Connection, credentials: Change, due: datetime, entry: Entry) -> Connection:
        """The same while a sync runs: it goes on with the new credentials."""
        item = connection_item(connection)
        write([put(item), credentials, *_timer(connection, due), note(entry)])
        return replace(connection, version=item.version)

    def disconnect(self, connection: Connection, sync: Sync | None, entry: Entry, messages: Sequence[Message]) -> None:
        """Without its credentials and timer; its sync is over."""
        key = keys_key(connection.client_id, connection.platform)
        ended = [put(sync_item(sync))] if sync else []
        changes = [put(connection_item(connection)), delete_row("core", key), *_timer(connection, None), *ended]
        write([*changes, note(entry)], [*messages, *(sync_messages(sync) if sync else ())])

    def cancel(self, connection: Connection | None, sync: Sync) -> None:
        changes: list[Any] = [put(sync_item(sync))]
        if connection and connection.sync_id == sync.id:
            changes.append(put(connection_item(replace(connection, sync_id=None))))
        write(changes, sync_messages(sync))

    def remind(self, connection: Connection, due: datetime, messages: Sequence[Message]) -> None:
        """The next scheduled sync, without one now."""
        write([put(connection_item(connection)), *_timer(connection, due)], messages)

    def count(self, client_id: str, platform: str, stream: Stream) -> tuple[int, int]:
        ads = stream.kind == "ads"
        rows = count_rows(client_id, platform) if ads else DynamoObjects().count(client_id, platform, stream.name)
        return rows, DynamoQuarantine().count(client_id, platform, stream.name)


def _timer(connection: Connection, due: datetime | None) -> tuple[Change, ...]:
    if due is None:
        return (cancel_timer(connection.client_id, TIMER, connection.platform),)
    return (set_timer(Timer(connection.client_id, TIMER, connection.platform, due, "syncs")),)
