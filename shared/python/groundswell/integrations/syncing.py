"""Carrying out a sync: page by page, each page's records first and then the position, so that whoever goes on after a
death reads that page again and writes the same rows to the same places."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from groundswell.integrations.addressing import Places
from groundswell.integrations.intake import Intake, Place
from groundswell.integrations.model import (
    LEASE,
    Connection,
    ErrorKind,
    Failure,
    Order,
    Position,
    Status,
    StreamRun,
    StreamState,
    Sync,
    SyncStatus,
)
from groundswell.integrations.platform import At, Credentials, Platform, Stream
from groundswell.integrations.problems import Kind, Problem
from groundswell.integrations.reading import POLL_SECONDS, Page, Reader
from groundswell.integrations.tokens import Tokens
from groundswell.integrations.windows import after_page, first_of, last_day, reached, window_end

PAGES_AT_MOST = 20_000
"""Of one window. A platform that pages for ever is out of order."""
POLLS_AT_MOST = 720
"""Of one report: two hours."""
_WAITS_AT_MOST = 40
_TRIES_AT_MOST = 8
_LONGEST_WAIT = 900.0
_RESERVE_SECONDS = 45.0
_OF_ONE_PART = frozenset({"permission", "bad_request"})
"""What keeps one stream of one account from being read, and no other: a key may reach charges and not invoices."""
_KINDS: dict[Kind, ErrorKind] = {
    "auth": "config_error",
    "permission": "config_error",
    "throttled": "transient_error",
    "transient": "transient_error",
    "bad_request": "system_error",
}


class SyncStore(Protocol):
    def connection(self, client_id: str, platform: str) -> Connection | None: ...

    def sync(self, client_id: str, platform: str, sync_id: str) -> Sync | None: ...

    def save_sync(self, sync: Sync) -> Sync:
        """Raises PreconditionFailed when somebody else did."""

    def begin(self, sync: Sync) -> Sync:
        """Save it, and tell that it began. Raises PreconditionFailed."""

    def settle(self, client_id: str, platform: str, sync: Sync, change: Callable[[Connection], Connection]) -> None:
        """The sync with what it makes of its connection, and who is told, in one transaction."""

    def keep(self, client_id: str, platform: str, change: Callable[[Connection], Connection]) -> None:
        """Change the connection as it is now."""

    def count(self, client_id: str, platform: str, stream: Stream) -> tuple[int, int]:
        """How many records and how many quarantined ones there are."""


@dataclass(frozen=True)
class Again:
    """Come again after so many seconds."""

    seconds: float


@dataclass
class _Run:
    """What one invocation knows."""

    sync: Sync
    connection: Connection
    credentials: Credentials


class Syncer:
    """For one connection's platform. `time_left` says how many seconds this process has."""

    def __init__(
        self,
        platform: Platform,
        places: Places,
        store: SyncStore,
        tokens: Tokens,
        reader: Reader,
        intake: Intake,
        now: Callable[[], datetime],
        time_left: Callable[[], float],
    ) -> None:
        self._platform = platform
        self._places = places
        self._store = store
        self._tokens = tokens
        self._reader = reader
        self._intake = intake
        self._now = now
        self._time_left = time_left

    async def run(self, order: Order) -> Again | None:
        """As far as it goes. Raises PreconditionFailed when somebody else took it over, or cancelled it."""
        sync = self._store.sync(order.client_id, order.platform, order.sync_id)
        if sync is None or sync.status.over:
            return None
        now = self._now()
        if sync.leased_until and sync.leased_until > now:
            return Again((sync.leased_until - now).total_seconds() + 1)
        connection = self._store.connection(order.client_id, order.platform)
        if connection is None or not connection.live:
            self._store.save_sync(sync.ended(SyncStatus.CANCELLED, now))
            return None
        return await self._work(self._claimed(sync), connection)

    def _claimed(self, sync: Sync) -> Sync:
        now = self._now()
        leased = replace(sync, status=SyncStatus.RUNNING, leased_until=now + LEASE, resume_at=None, updated_at=now)
        if sync.started_at is None:
            return self._store.begin(replace(leased, started_at=now))
        return self._store.save_sync(leased)

    async def _work(self, sync: Sync, connection: Connection) -> Again | None:
        run = _Run(sync, connection, {})
        try:
            run.credentials = await self._tokens.current(sync.client_id, self._platform, self._places)
            return await self._pages(run)
        except Problem as problem:
            return self._troubled(run, problem)

    async def _pages(self, run: _Run) -> Again | None:
        while run.sync.position.part < run.sync.parts:
            if self._time_left() < _RESERVE_SECONDS:
                return self._later(run, 0, run.sync.waits)
            try:
                again = await self._step(run)
            except Problem as problem:
                if problem.kind not in _OF_ONE_PART:
                    raise
                self._skip(run, problem)
                continue
            if again:
                return again
        self._finish(run)
        return None

    async def _step(self, run: _Run) -> Again | None:
        sync = run.sync
        name, account_id = sync.part(sync.position.part)
        stream, account = self._platform.stream(name), run.connection.account(account_id)
        if stream is None:
            run.sync = self._store.save_sync(replace(sync, position=Position(sync.position.part + 1)))
            return None
        start = sync.position.first
        first = first_of(stream, run.connection, sync, account) if start is None else start
        at = self._at(run, stream, account_id, first)
        page = await self._page(run, stream, at)
        if page.handle is not None:
            if sync.position.pages >= POLLS_AT_MOST:
                raise Problem("bad_request", "the report never got ready")
            waiting = replace(sync.position, first=first, handle=page.handle, pages=sync.position.pages + 1)
            run.sync = replace(run.sync, position=waiting)
            return self._later(run, 1.0 if sync.position.handle is None else POLL_SECONDS, 0)
        self._judge(sync.position, page)
        ends = page.cursor is None
        place = Place(run.connection, sync, stream, account, at.first, at.last, sync.position.cursor is None, ends)
        outcome = self._intake.take(place, page.records)
        counts = StreamRun(name, outcome.read, outcome.written, outcome.quarantined)
        following = after_page(run.sync, stream, account, first, page.cursor, counts)
        if following.position.part != sync.position.part:
            self._part_done(run, stream, place)
        now = self._now()
        run.sync = self._store.save_sync(replace(following, waits=0, leased_until=now + LEASE, updated_at=now))
        return None

    def _at(self, run: _Run, stream: Stream, account_id: str, first: str) -> At:
        sync, account = run.sync, run.connection.account(account_id)
        if stream.window_days:
            begin = date.fromisoformat(first)
            days, since = (begin, window_end(stream, begin, sync, account)), None
        else:
            today = last_day(sync, account)
            days, since = (today, today), datetime.fromisoformat(first).astimezone(UTC) if first else None
        return At(account, *days, since, sync.position.cursor, run.credentials, run.connection.settings)

    async def _page(self, run: _Run, stream: Stream, at: At) -> Page:
        """With a new access token where the platform refuses the one at hand, once."""
        try:
            return await self._reader.page(stream, at, run.sync.position.handle)
        except Problem as problem:
            if problem.kind != "auth":
                raise
            run.credentials = await self._renewed(run, problem)
        return await self._reader.page(stream, replace(at, credentials=run.credentials), run.sync.position.handle)

    async def _renewed(self, run: _Run, problem: Problem) -> Credentials:
        """Raises Problem: the platform's own words where nothing can be renewed."""
        token = run.credentials.get("access_token", "")
        try:
            return await self._tokens.renewed(run.sync.client_id, self._platform, self._places, token)
        except Problem as failure:
            raise (problem if failure.kind == "auth" else failure) from failure

    @staticmethod
    def _judge(position: Position, page: Page) -> None:
        """Raises Problem for a platform that pages in a circle."""
        if page.cursor is not None and (page.cursor == position.cursor or position.pages >= PAGES_AT_MOST):
            raise Problem("bad_request", "the platform's pages have no end: the same cursor came again")

    def _part_done(self, run: _Run, stream: Stream, place: Place) -> None:
        """The account's cursor; after a stream's last account also how many rows there are."""
        sync, now = run.sync, self._now()
        last = sync.position.part % len(sync.account_ids) == len(sync.account_ids) - 1
        counts = self._store.count(sync.client_id, sync.platform, stream) if last else None
        cursor = reached(stream, sync, place.account)

        def change(connection: Connection) -> Connection:
            state = connection.state(stream.name)
            rows, quarantined = counts or (state.rows, state.quarantined)
            cursors = {**state.cursors, place.account.id: cursor}
            return connection.with_state(StreamState(stream.name, rows, quarantined, now, cursors))

        self._store.keep(sync.client_id, sync.platform, change)

    def _skip(self, run: _Run, problem: Problem) -> None:
        """Read no more of this part, and say why in the end; its cursor stays where it was."""
        now, part = self._now(), run.sync.position.part
        name, _ = run.sync.part(part)
        failure = run.sync.error or Failure(_KINDS[problem.kind], f"{name}: {problem.words}", now)
        run.sync = self._store.save_sync(
            replace(
                run.sync, error=failure, position=Position(part + 1), waits=0, leased_until=now + LEASE, updated_at=now
            )
        )

    def _finish(self, run: _Run) -> None:
        if run.sync.error:
            return self._settle_failed(run, run.sync.error, Status.ERROR)
        now = self._now()
        return self._store.settle(
            run.sync.client_id,
            run.sync.platform,
            run.sync.ended(SyncStatus.SUCCEEDED, now),
            lambda connection: replace(
                connection, status=Status.CONNECTED, last_sync_at=now, last_error=None, sync_id=None, updated_at=now
            ),
        )

    def _later(self, run: _Run, seconds: float, waits: int) -> Again:
        """Give it back: whoever comes goes on from the same page."""
        now = self._now()
        resume = now + timedelta(seconds=seconds)
        self._store.save_sync(replace(run.sync, leased_until=None, resume_at=resume, waits=waits, updated_at=now))
        return Again(seconds)

    def _troubled(self, run: _Run, problem: Problem) -> Again | None:
        """Patience where the platform asks for it; anything else ends the sync, and says why."""
        waits = run.sync.waits + 1
        most = {"throttled": _WAITS_AT_MOST, "transient": _TRIES_AT_MOST}.get(problem.kind, 0)
        if waits <= most:
            wait = min(2.0**waits, 300.0) if problem.retry_after is None else max(problem.retry_after, 1.0)
            return self._later(run, min(wait, _LONGEST_WAIT), waits)
        self._fail(run, problem)
        return None

    def _fail(self, run: _Run, problem: Problem) -> None:
        failure = Failure(_KINDS[problem.kind], problem.words, self._now())
        self._settle_failed(run, failure, Status.NEEDS_REAUTH if problem.kind == "auth" else Status.ERROR)

    def _settle_failed(self, run: _Run, failure: Failure, status: Status) -> None:
        now = self._now()
        self._store.settle(
            run.sync.client_id,
            run.sync.platform,
            run.sync.ended(SyncStatus.FAILED, now, failure),
            lambda connection: replace(
                connection, status=status, last_error=failure, last_sync_at=now, sync_id=None, updated_at=now
            ),
        )
