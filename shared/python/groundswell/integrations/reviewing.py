"""Looking at what a platform brought, and at what could not be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from groundswell.integrations.facts import AdRow, FactsStore, Sums, by_currency, sums
from groundswell.integrations.intake import AdFacts, Followers, Objects
from groundswell.integrations.model import Connection, NotConnected, Quarantined
from groundswell.integrations.platform import Platform, Stream
from groundswell.integrations.records import Malformed, Record, ad_row, record
from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import Page, Position

_EVER = (date(2000, 1, 1), date(2099, 12, 31))
_REPLAYED_AT_ONCE = 500


class ObjectPages(Objects, Protocol):
    def page(
        self,
        client_id: str,
        platform: str,
        stream: str,
        span: tuple[datetime | None, datetime | None],
        limit: int,
        position: Position | None,
    ) -> Page[Record]: ...


class QuarantinePages(Protocol):
    def page(
        self, client_id: str, platform: str, stream: str | None, limit: int, position: Position | None
    ) -> Page[Quarantined]: ...

    def remove(self, client_id: str, items: Sequence[Quarantined]) -> None: ...


class Connections(Protocol):
    def connection(self, client_id: str, platform: str) -> Connection | None: ...


@dataclass(frozen=True)
class AdPage:
    """A page of rows, and the sums of all that were asked for: of one currency in `total`, else by currency alone."""

    page: Page[AdRow]
    total: Sums
    currencies: Mapping[str, Sums]


@dataclass(frozen=True)
class Replayed:
    replayed: int
    left: int


class Review:
    def __init__(
        self,
        connections: Connections,
        facts: FactsStore,
        objects: ObjectPages,
        quarantine: QuarantinePages,
    ) -> None:
        self._connections = connections
        self._facts = facts
        self._objects = objects
        self._quarantine = quarantine

    def ads(
        self,
        client_id: str,
        platform: Platform,
        days: tuple[date | None, date | None],
        limit: int,
        position: Position | None,
        *,
        campaign_id: str | None = None,
        account_id: str | None = None,
    ) -> AdPage:
        """Days are [first, last). Raises NotConnected."""
        self._need(client_id, platform)
        last = days[1] - timedelta(days=1) if days[1] else _EVER[1]
        if account_id and platform.accounts:
            account_id = platform.accounts.spelled(account_id)
        rows = self._facts.rows(
            client_id,
            first=days[0] or _EVER[0],
            last=last,
            platform=platform.name,
            campaign_id=campaign_id,
            account_id=account_id,
        )
        start = int(position["start"]) if position else 0
        shown = tuple(rows[start : start + limit])
        following = {"start": start + limit} if len(rows) > start + limit else None
        return AdPage(Page(shown, following), sums(rows), by_currency(rows))

    def records(
        self,
        client_id: str,
        platform: Platform,
        stream: Stream,
        span: tuple[datetime | None, datetime | None],
        limit: int,
        position: Position | None,
    ) -> Page[Record]:
        """By the time of their last change. Raises NotConnected."""
        self._need(client_id, platform)
        return self._objects.page(client_id, platform.name, stream.name, span, limit, position)

    def stream(self, platform: Platform, name: str | None) -> Stream:
        """The one of that name, or the platform's first. Raises Invalid."""
        if name is None:
            return platform.streams[0]
        stream = platform.stream(name)
        if stream is None:
            known = ", ".join(stream.name for stream in platform.streams)
            raise Invalid.on("stream", f"{name!r} is none of {known}")
        return stream

    def quarantined(
        self, client_id: str, platform: Platform, stream: str | None, limit: int, position: Position | None
    ) -> Page[Quarantined]:
        """Raises NotConnected, Invalid."""
        self._need(client_id, platform)
        if stream is not None:
            self.stream(platform, stream)
        return self._quarantine.page(client_id, platform.name, stream, limit, position)

    def _need(self, client_id: str, platform: Platform) -> Connection:
        connection = self._connections.connection(client_id, platform.name)
        if connection is None:
            raise NotConnected
        return connection


class Replays:
    """Reads put-aside records once more, as they are read by now. What came since is never overwritten."""

    def __init__(
        self,
        connections: Connections,
        facts: AdFacts,
        objects: Objects,
        quarantine: QuarantinePages,
        followers: Followers,
    ) -> None:
        self._connections = connections
        self._facts = facts
        self._objects = objects
        self._quarantine = quarantine
        self._followers = followers

    def replay(self, client_id: str, platform: Platform, ids: Sequence[str]) -> Replayed:
        """Those of these ids, or the first 500. Raises NotConnected."""
        connection = self._connections.connection(client_id, platform.name)
        if connection is None:
            raise NotConnected
        page = self._quarantine.page(client_id, platform.name, None, _REPLAYED_AT_ONCE, None)
        wanted = [quarantined for quarantined in page.items if not ids or quarantined.id in ids]
        done = [quarantined for quarantined in wanted if self._replay(connection, platform, quarantined)]
        self._quarantine.remove(client_id, done)
        return Replayed(len(done), len(wanted) - len(done))

    def _replay(self, connection: Connection, platform: Platform, item: Quarantined) -> bool:
        stream = platform.stream(item.stream)
        if stream is None or item.raw is None:
            return False
        try:
            if stream.kind == "ads":
                self._take_row(connection, platform, stream, item)
            else:
                self._take_record(connection, platform, stream, item)
        except Malformed:
            return False
        return True

    def _take_row(self, connection: Connection, platform: Platform, stream: Stream, item: Quarantined) -> None:
        row = ad_row(platform, stream, connection.account(item.account_id), item.raw, connection.settings)
        there = self._facts.rows(connection.client_id, first=row.date, last=row.date, platform=platform.name)
        if not any((stored_row.account_id, stored_row.id) == (row.account_id, row.id) for stored_row in there):
            self._facts.change(connection.client_id, [(None, row)])

    def _take_record(self, connection: Connection, platform: Platform, stream: Stream, item: Quarantined) -> None:
        after = record(stream, connection.account(item.account_id), item.raw, connection.settings)
        client_id = connection.client_id
        before = self._objects.known(client_id, platform.name, [(stream.name, after.id)]).get(after.id)
        if before is None and self._followers.welcome(client_id, [after]):
            self._followers.follow(connection, stream, [(before, after)])
            self._objects.put_newer(client_id, platform.name, after, item.at)
