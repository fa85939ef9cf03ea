"""What people do with platforms: look which there are, connect and disconnect them, and see how they are."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.integrations.addressing import Places
from groundswell.integrations.catalogue import platform, platforms
from groundswell.integrations.connecting import Trial, Wanted, wanted
from groundswell.integrations.jobs import CONNECTING, QUEUE, SyncJobs, order_message
from groundswell.integrations.model import (
    LONGEST_EVERY,
    SHORTEST_EVERY,
    Connection,
    NotConnected,
    Status,
    Sync,
    SyncStatus,
)
from groundswell.integrations.platform import Account, At, Credentials, Platform
from groundswell.integrations.problems import Problem
from groundswell.integrations.reading import Http, Reader
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.message import Message

USUAL_EVERY = timedelta(hours=1)
_SETTINGS = frozenset({"conversion_action", "leads", "events"})


@dataclass(frozen=True)
class Wish:
    """How a connection is wanted. `every` and `lookback_days` None is as before, or the usual."""

    credentials: Mapping[str, str]
    account_ids: tuple[str, ...] = ()
    every: timedelta | None = None
    lookback_days: int | None = None
    settings: Mapping[str, str] | None = None


class ConnectionStore(Protocol):
    def connection(self, client_id: str, platform: str) -> Connection | None: ...

    def connections(self, client_id: str) -> tuple[Connection, ...]: ...

    def sync(self, client_id: str, platform: str, sync_id: str) -> Sync | None: ...

    def connect(
        self,
        connection: Connection,
        credentials: Any,
        sync: Sync,
        order: Message,
        due: datetime,
        entry: Entry,
    ) -> Connection:
        """Raises PreconditionFailed where somebody else was first."""

    def reconnect(self, connection: Connection, credentials: Any, due: datetime, entry: Entry) -> Connection: ...

    def disconnect(
        self, connection: Connection, sync: Sync | None, entry: Entry, messages: Sequence[Message]
    ) -> None: ...


@dataclass(frozen=True)
class Ways:
    """What the world gives. `seal` makes credentials a part of a transaction."""

    http: Http
    places: Callable[[str], Places]
    seal: Callable[[str, str, Credentials], Any]
    load: Callable[[str, str], Mapping[str, str] | None]
    now: Callable[[], datetime]
    new_secret: Callable[[], str]


class IntegrationService:
    def __init__(self, store: ConnectionStore, jobs: SyncJobs, ways: Ways) -> None:
        self._store = store
        self._jobs = jobs
        self._ways = ways

    def catalogue(self, client_id: str) -> tuple[tuple[Platform, Connection | None], ...]:
        """All there are, connected or not."""
        known = {connection.platform: connection for connection in self._store.connections(client_id)}
        return tuple((platform, known.get(platform.name)) for platform in platforms())

    def status(self, client_id: str, name: str) -> Connection:
        """Also of one that was ended. Raises PlatformNotFound, NotConnected."""
        connection = self._store.connection(client_id, platform(name).name)
        if connection is None:
            raise NotConnected
        return connection

    async def connect(self, who: ClientContext, name: str, wish: Wish) -> tuple[Connection, bool]:
        """The connection, and whether it is new. One that is there gets the new credentials, and keeps what it read.

        Raises PlatformNotFound, Invalid, CredentialsRejected, Unavailable, PreconditionFailed.
        """
        named = platform(name)
        _check(wish)
        request = wanted(named, wish.credentials, wish.account_ids, whole=True)
        return await self.take(who, named, wish, request)

    async def take(self, who: ClientContext, named: Platform, wish: Wish, request: Wanted) -> tuple[Connection, bool]:
        """The same, of what was asked for in the platform's own names."""
        trial = Trial(self._ways.http, self._ways.now)
        credentials, accounts = await trial(who.client_id, named, self._ways.places(named.name), request)
        before = self._store.connection(who.client_id, named.name)
        connection = self._made(who, named, wish, before, accounts)
        sealed = self._ways.seal(who.client_id, named.name, credentials)
        entry = Entry(who.org_id, "integration.connected", who.actor_id, f"integration:{named.name}")
        due = connection.next_due(self._ways.now())
        running = self._running(before)
        if running:
            return self._store.reconnect(replace(connection, next_sync_at=due), sealed, due, entry), False
        sync = self._jobs.new(connection, named, who.actor_id, CONNECTING)
        connection = replace(connection, sync_id=sync.id, next_sync_at=due)
        saved = self._store.connect(connection, sealed, sync, order_message(sync), due, entry)
        return saved, before is None or not before.live

    def _made(
        self,
        who: ClientContext,
        named: Platform,
        wish: Wish,
        before: Connection | None,
        accounts: tuple[Account, ...],
    ) -> Connection:
        now = self._ways.now()
        start = before or Connection(
            client_id=who.client_id,
            org_id=who.org_id,
            platform=named.name,
            status=Status.CONNECTED,
            accounts=accounts,
            every_minutes=round(USUAL_EVERY.total_seconds() / 60),
            lookback_days=None,
            settings={},
            hook=self._ways.new_secret(),
            created_by=who.actor_id,
            created_at=now,
            updated_at=now,
        )
        return replace(
            start,
            status=Status.CONNECTED,
            accounts=tuple(replace(account, timezone=account.timezone or who.timezone) for account in accounts),
            every_minutes=round(wish.every.total_seconds() / 60) if wish.every else start.every_minutes,
            lookback_days=start.lookback_days if wish.lookback_days is None else wish.lookback_days,
            settings={**start.settings, **(wish.settings or {})},
            created_by=who.actor_id,
            updated_at=now,
            last_error=None,
        )

    async def disconnect(self, who: ClientContext, name: str, *, purge: bool) -> None:
        """Nothing is read any more, and no credentials are left; what was read stays, unless `purge` says otherwise.
        Raises PlatformNotFound, NotConnected, PreconditionFailed."""
        named = platform(name)
        connection = self._jobs.connected(who.client_id, named)
        await self._revoke(who.client_id, named)
        now = self._ways.now()
        running = self._running(connection)
        ended = running.ended(SyncStatus.CANCELLED, now) if running else None
        gone = replace(
            connection,
            status=Status.DISCONNECTED,
            sync_id=None,
            next_sync_at=None,
            last_error=None,
            updated_at=now,
            streams=() if purge else connection.streams,
        )
        entry = Entry(who.org_id, "integration.disconnected", who.actor_id, f"integration:{named.name}")
        messages = [purge_message(who.client_id, named.name, now)] if purge else []
        try:
            self._store.disconnect(gone, ended, entry, messages)
        except PreconditionFailed:  # the sync's next page came in between
            self._store.disconnect(*self._again(gone, ended), entry, messages)

    def _again(self, gone: Connection, ended: Sync | None) -> tuple[Connection, Sync | None]:
        fresh = self._store.connection(gone.client_id, gone.platform)
        version = fresh.version if fresh else gone.version
        now_running = self._store.sync(gone.client_id, gone.platform, ended.id) if ended else None
        sync = replace(ended, version=now_running.version) if ended and now_running else None
        return replace(gone, version=version), None if now_running and now_running.status.over else sync

    async def _revoke(self, client_id: str, named: Platform) -> None:
        """As far as the platform lets itself be told: it is no reason to keep the credentials."""
        credentials = self._ways.load(client_id, named.name)
        if named.revoke is None or credentials is None:
            return
        places = self._ways.places(named.name)
        known = {**places.known_app, **credentials}
        today = self._ways.now().date()
        at = At(Account(""), today, today, None, None, known)
        try:
            await Reader(self._ways.http, client_id, named, places).send(named.revoke(known), at)
        except (Problem, KeyError):
            return

    def _running(self, connection: Connection | None) -> Sync | None:
        if connection is None or connection.sync_id is None:
            return None
        sync = self._store.sync(connection.client_id, connection.platform, connection.sync_id)
        return None if sync is None or sync.status.over else sync


def purge_message(client_id: str, name: str, now: datetime) -> Message:
    body = json.dumps({"client_id": client_id, "platform": name, "purge": True})
    return Message(QUEUE, f"purge:{client_id}:{name}:{now.timestamp()}", body)


def _check(wish: Wish) -> None:
    if wish.every and not SHORTEST_EVERY <= wish.every <= LONGEST_EVERY:
        raise Invalid.on("settings.every", "between 15m and 7d")
    unknown = [name for name in wish.settings or {} if name not in _SETTINGS]
    if unknown:
        raise Invalid.on(f"settings.{unknown[0]}", f"is none of every, lookback_days, {', '.join(sorted(_SETTINGS))}")
