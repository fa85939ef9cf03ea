"""Syncs as people, timers and webhooks start them; one at a time a connection."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

from groundswell.integrations.model import (
    Connection,
    NeedsReauth,
    NotConnected,
    Order,
    Status,
    StreamRun,
    Sync,
    SyncNotFound,
    SyncOver,
    SyncRunning,
    SyncStatus,
)
from groundswell.integrations.platform import Platform
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position

QUEUE = "syncs"
SCHEDULED, BY_HAND, BY_WEBHOOK, CONNECTING = "schedule", "manual", "webhook", "connect"


class JobStore(Protocol):
    def connection(self, client_id: str, platform: str) -> Connection | None: ...

    def sync(self, client_id: str, platform: str, sync_id: str) -> Sync | None: ...

    def syncs(self, client_id: str, platform: str, limit: int, position: Position | None) -> Page[Sync]: ...

    def start(
        self, connection: Connection, sync: Sync, order: Message, due: datetime | None
    ) -> tuple[Connection, Sync]:
        """Raises SyncRunning."""

    def cancel(self, connection: Connection | None, sync: Sync) -> None: ...

    def remind(self, connection: Connection, due: datetime, messages: Sequence[Message]) -> None: ...


class SyncJobs:
    def __init__(self, store: JobStore, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def find(self, client_id: str, platform: Platform) -> Connection | None:
        return self._store.connection(client_id, platform.name)

    def connected(self, client_id: str, platform: Platform) -> Connection:
        """Raises NotConnected."""
        connection = self._store.connection(client_id, platform.name)
        if connection is None or not connection.live:
            raise NotConnected
        return connection

    def start(
        self,
        client_id: str,
        platform: Platform,
        by: str,
        *,
        streams: Sequence[str] = (),
        full_refresh: bool = False,
        since: date | None = None,
        trigger: str = BY_HAND,
    ) -> Sync:
        """Raises NotConnected, NeedsReauth, SyncRunning with the id of the one that runs, Invalid for a stream that the
        platform does not have, or a day to come."""
        connection = self.connected(client_id, platform)
        if connection.status is Status.NEEDS_REAUTH:
            raise NeedsReauth
        self._need_free(connection)
        _check(platform, streams)
        if since and since > self._now().date():
            raise Invalid.on("from", "is a day to come")
        sync = self.new(connection, platform, by, trigger, streams=streams, full_refresh=full_refresh, since=since)
        due = connection.next_sync_at or connection.next_due(self._now())
        try:
            return self._store.start(replace(connection, next_sync_at=due), sync, order_message(sync), due)[1]
        except SyncRunning:
            self._need_free(self.connected(client_id, platform))
            raise

    def new(
        self,
        connection: Connection,
        platform: Platform,
        by: str,
        trigger: str,
        *,
        streams: Sequence[str] = (),
        full_refresh: bool = False,
        since: date | None = None,
    ) -> Sync:
        """One that nobody heard of yet."""
        now = self._now()
        names = [stream.name for stream in platform.streams if not streams or stream.name in streams]
        return Sync(
            id=self._new_id(),
            client_id=connection.client_id,
            platform=platform.name,
            status=SyncStatus.QUEUED,
            trigger=trigger,
            streams=tuple(map(StreamRun, names)),
            account_ids=tuple(account.id for account in connection.accounts),
            until=now,
            full_refresh=full_refresh,
            created_by=by,
            created_at=now,
            updated_at=now,
            since=since.isoformat() if since else None,
        )

    def fire(self, client_id: str, platform: Platform, due: datetime) -> None:
        """What a timer asks for: a sync, and the next timer. The same due time twice is one; a sync that runs goes on,
        and is told to, in case nobody does."""
        connection = self._store.connection(client_id, platform.name)
        if connection is None or not connection.live or connection.status is Status.NEEDS_REAUTH:
            return
        if connection.next_sync_at and due < connection.next_sync_at:
            return
        now = self._now()
        due = connection.next_due(now)
        following = replace(connection, next_sync_at=due, updated_at=now)
        running = self._running(connection)
        if running:
            self._store.remind(following, due, [order_message(running)])
            return
        sync = self.new(connection, platform, "system", SCHEDULED)
        self._store.start(following, sync, order_message(sync), due)

    def hear(self, client_id: str, platform: Platform, streams: Sequence[str]) -> None:
        """What a webhook asks for. While a sync runs the message has to come again: it may have read that page already.
        Raises SyncRunning."""
        connection = self._store.connection(client_id, platform.name)
        if connection is None or not connection.live or connection.status is Status.NEEDS_REAUTH:
            return
        self.start(client_id, platform, "system", streams=streams, trigger=BY_WEBHOOK)

    def page(self, client_id: str, platform: Platform, limit: int, position: Position | None) -> Page[Sync]:
        """Newest first."""
        return self._store.syncs(client_id, platform.name, limit, position)

    def get(self, client_id: str, platform: Platform, sync_id: str) -> Sync:
        """Raises SyncNotFound."""
        sync = self._store.sync(client_id, platform.name, sync_id)
        if sync is None:
            raise SyncNotFound
        return sync

    def cancel(self, client_id: str, platform: Platform, sync_id: str) -> Sync:
        """What was read stays. Raises SyncNotFound, SyncOver."""
        for _ in range(5):
            sync = self.get(client_id, platform, sync_id)
            if sync.status is SyncStatus.CANCELLED:
                return sync
            if sync.status.over:
                raise SyncOver
            ended = sync.ended(SyncStatus.CANCELLED, self._now())
            try:
                self._store.cancel(self._store.connection(client_id, platform.name), ended)
            except PreconditionFailed:
                continue
            return ended
        raise PreconditionFailed

    def _running(self, connection: Connection) -> Sync | None:
        if connection.sync_id is None:
            return None
        sync = self._store.sync(connection.client_id, connection.platform, connection.sync_id)
        return None if sync is None or sync.status.over else sync

    def _need_free(self, connection: Connection) -> None:
        if running := self._running(connection):
            raise SyncRunning(details={"sync_id": running.id, "id": running.id})


def order_message(sync: Sync) -> Message:
    return Message(QUEUE, f"sync:{sync.id}:{sync.version}:{sync.updated_at.timestamp()}", order_body(sync))


def order_body(sync: Sync | Order) -> str:
    sync_id = sync.id if isinstance(sync, Sync) else sync.sync_id
    return json.dumps({"client_id": sync.client_id, "platform": sync.platform, "sync_id": sync_id})


def next_minute(now: datetime) -> datetime:
    """Webhooks of one minute make one sync."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _check(platform: Platform, streams: Sequence[str]) -> None:
    unknown = [name for name in streams if platform.stream(name) is None]
    if unknown:
        known = ", ".join(stream.name for stream in platform.streams)
        raise Invalid.on("streams", f"{unknown[0]!r} is none of {known}")
