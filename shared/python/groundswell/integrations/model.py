"""Connections to platforms, and the syncs that read from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from groundswell.integrations.platform import Account
from groundswell.kernel.errors import Conflict, Invalid, NotFound

type ErrorKind = Literal["config_error", "transient_error", "system_error"]
LEASE = timedelta(seconds=90)
"""How long a page may take before somebody else may take its sync over."""
KEPT = timedelta(days=90)
"""How long a sync is found after its end."""
QUARANTINED_FOR = timedelta(days=30)
SHORTEST_EVERY, LONGEST_EVERY = timedelta(minutes=15), timedelta(days=7)


class PlatformNotFound(NotFound):
    code = "PLATFORM_NOT_FOUND"
    message = "No such platform: GET /integrations lists them"


class NotConnected(NotFound):
    code = "NOT_CONNECTED"
    message = "The platform is not connected"


class SyncNotFound(NotFound):
    code = "SYNC_NOT_FOUND"
    message = "No such sync, or it is older than 90 days"


class SyncRunning(Conflict):
    code = "SYNC_RUNNING"
    message = "A sync is running already"


class SyncOver(Conflict):
    code = "SYNC_OVER"
    message = "The sync is over"


class NeedsReauth(Conflict):
    code = "NEEDS_REAUTH"
    message = "The platform refuses the credentials: connect it anew"


class CredentialsRejected(Invalid):
    code = "CREDENTIALS_REJECTED"
    message = "The platform refused the credentials"


class Status(StrEnum):
    CONNECTED = "connected"
    NEEDS_REAUTH = "needs_reauth"
    ERROR = "error"
    DISCONNECTED = "disconnected"


class SyncStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self not in (SyncStatus.QUEUED, SyncStatus.RUNNING)


@dataclass(frozen=True)
class Failure:
    """`message` is for people, in the platform's words where it has any."""

    kind: ErrorKind
    message: str
    at: datetime


@dataclass(frozen=True)
class StreamState:
    """`cursors` say by account up to where a stream is read: a day, or a time (RFC 3339). `rows` are those stored."""

    name: str
    rows: int = 0
    quarantined: int = 0
    synced_at: datetime | None = None
    cursors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Connection:
    """One a platform and client. `lookback_days` None is the platform's usual. `sync_id` is the sync that runs.
    `settings` are the platform's own, such as which action of an advertisement counts as its conversion. `hook` is the
    secret part of the address of its webhooks."""

    client_id: str
    org_id: str
    platform: str
    status: Status
    accounts: tuple[Account, ...]
    every_minutes: int
    lookback_days: int | None
    settings: Mapping[str, str]
    hook: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    streams: tuple[StreamState, ...] = ()
    sync_id: str | None = None
    last_sync_at: datetime | None = None
    next_sync_at: datetime | None = None
    last_error: Failure | None = None
    version: int = 0

    @property
    def live(self) -> bool:
        return self.status is not Status.DISCONNECTED

    def next_due(self, now: datetime) -> datetime:
        """When the next scheduled sync is: to the second, since timers know no more than milliseconds."""
        return (now + timedelta(minutes=self.every_minutes)).replace(microsecond=0)

    def account(self, account_id: str) -> Account:
        """One that the platform does not list any more is known by its id alone."""
        return next((account for account in self.accounts if account.id == account_id), Account(account_id))

    def state(self, stream: str) -> StreamState:
        return next((stream_state for stream_state in self.streams if stream_state.name == stream), StreamState(stream))

    def with_state(self, state: StreamState) -> "Connection":
        others = tuple(stream for stream in self.streams if stream.name != state.name)
        return replace(self, streams=tuple(sorted((*others, state), key=lambda other: other.name)))


@dataclass(frozen=True)
class StreamRun:
    """What one sync did for one stream."""

    name: str
    read: int = 0
    written: int = 0
    quarantined: int = 0

    def plus(self, read: int, written: int, quarantined: int) -> "StreamRun":
        return StreamRun(self.name, self.read + read, self.written + written, self.quarantined + quarantined)


@dataclass(frozen=True)
class Position:
    """The page that comes next. `part` counts the pairs of stream and account, `first` is the first day of the window,
    or what has changed since is read; `handle` is a report that is being made. `pages` of this window were read, and
    `read` and `quarantined` records; it has `days`, or as many as the stream's windows have."""

    part: int = 0
    first: str | None = None
    cursor: str | None = None
    handle: str | None = None
    pages: int = 0
    read: int = 0
    quarantined: int = 0
    days: int | None = None


@dataclass(frozen=True)
class Sync:
    """`until` is fixed when it begins: whoever goes on reads the same windows. `since` is a first day
    that somebody named (ISO). `waits` counts how often in a row the
    platform asked for patience. Nobody else may go on with it before `leased_until`."""

    id: str
    client_id: str
    platform: str
    status: SyncStatus
    trigger: str
    streams: tuple[StreamRun, ...]
    account_ids: tuple[str, ...]
    until: datetime
    full_refresh: bool
    created_by: str
    created_at: datetime
    updated_at: datetime
    since: str | None = None
    position: Position = Position()
    waits: int = 0
    leased_until: datetime | None = None
    resume_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: Failure | None = None
    version: int = 0

    @property
    def parts(self) -> int:
        return len(self.streams) * len(self.account_ids)

    @property
    def progress(self) -> float:
        """0 to 1: how many pairs of stream and account are read."""
        if self.status is SyncStatus.SUCCEEDED:
            return 1.0
        return round(min(self.position.part, self.parts) / self.parts, 3) if self.parts else 0.0

    def part(self, number: int) -> tuple[str, str]:
        """The stream and the account of a part."""
        stream, account = divmod(number, len(self.account_ids))
        return self.streams[stream].name, self.account_ids[account]

    def counted(self, stream: str, read: int, written: int, quarantined: int) -> "Sync":
        runs = tuple(run.plus(read, written, quarantined) if run.name == stream else run for run in self.streams)
        return replace(self, streams=runs)

    def ended(self, status: SyncStatus, now: datetime, error: Failure | None = None) -> "Sync":
        return replace(
            self, status=status, finished_at=now, updated_at=now, leased_until=None, resume_at=None, error=error
        )


@dataclass(frozen=True)
class Quarantined:
    """A record that could not be taken, and why. `raw` is None where it is too large to be kept."""

    id: str
    platform: str
    stream: str
    account_id: str
    reason: str
    raw: Any
    at: datetime
    sync_id: str


@dataclass(frozen=True)
class Order:
    """What the worker is to do: go on with a sync."""

    client_id: str
    platform: str
    sync_id: str
