"""What becomes of a page's records: facts, objects, events and leads; what cannot be read is put aside alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from groundswell.integrations.facts import AdRow, FactsStore
from groundswell.integrations.figures import Change
from groundswell.integrations.model import Connection, Quarantined, Sync
from groundswell.integrations.platform import Account, Platform, Stream
from groundswell.integrations.records import LARGEST, Malformed, Record, ad_row, fingerprint, record


class AdFacts(FactsStore, Protocol):
    def change(self, client_id: str, changes: Iterable[Change]) -> None:
        """Rows, and the points of metrics that follow from them, some of them at a time: all of these or none."""


class Objects(Protocol):
    """What platforms have besides ad rows. `as_of` is when a record was so."""

    def known(self, client_id: str, platform: str, keys: Sequence[tuple[str, str]]) -> Mapping[str, Record]:
        """By id, of (stream, id)."""

    def put(self, client_id: str, platform: str, records: Sequence[Record], as_of: datetime) -> None: ...

    def put_newer(self, client_id: str, platform: str, record: Record, as_of: datetime) -> bool:
        """Unless what is stored is as of later. Whether it was written."""


class Quarantine(Protocol):
    def put(self, client_id: str, items: Sequence[Quarantined]) -> None: ...


class Followers(Protocol):
    """What follows from records that are new or changed."""

    def welcome(self, client_id: str, records: Sequence[Record]) -> Sequence[Record]:
        """Without those of people whom the client must not collect."""

    def follow(self, connection: Connection, stream: Stream, pairs: Sequence[tuple[Record | None, Record]]) -> None:
        """Events and leads, from (before, after). Safe to repeat."""


@dataclass(frozen=True)
class Counts:
    read: int = 0
    written: int = 0
    quarantined: int = 0


@dataclass
class Window:
    """Ad rows of the days that are being read: those stored, and those that came. `whole`: from the first page on."""

    first: date
    last: date
    account_id: str
    stored: dict[tuple[date, str], AdRow]
    came: dict[tuple[date, str], AdRow]
    whole: bool


@dataclass(frozen=True)
class Place:
    """Where a page's records belong."""

    connection: Connection
    sync: Sync
    stream: Stream
    account: Account
    first: date
    last: date
    begins: bool
    """Whether it is its window's first page."""
    ends: bool


class Intake:
    """For one run of a worker: the rows of the window at hand are kept in memory, and no others."""

    def __init__(
        self,
        platform: Platform,
        facts: AdFacts,
        objects: Objects,
        quarantine: Quarantine,
        followers: Followers,
        now: Callable[[], datetime],
    ) -> None:
        self._platform = platform
        self._facts = facts
        self._objects = objects
        self._quarantine = quarantine
        self._followers = followers
        self._now = now
        self._window: Window | None = None

    def take(self, place: Place, raws: Sequence[Any]) -> Counts:
        """Safe to repeat: the same records are written to the same places."""
        return self._ad_rows(place, raws) if place.stream.kind == "ads" else self._records(place, raws)

    def _ad_rows(self, place: Place, raws: Sequence[Any]) -> Counts:
        """Only rows that differ are written; those that a platform does not tell any more go with their window."""
        client_id, window = place.connection.client_id, self._window_of(place)
        rows, refused = self._read(
            place, raws, lambda raw: ad_row(self._platform, place.stream, place.account, raw, place.connection.settings)
        )
        changed = list[Change]()
        for row in _with_distinct_ids(rows, window.came):
            key = (row.date, row.id)
            before = window.came.get(key, window.stored.get(key))
            if before is not None and before == row:
                window.came[key] = before  # of two that are alike one is enough to keep
            else:
                window.came[key] = row
                changed.append((before, row))
        gone = window.stored.keys() - window.came.keys() if place.ends and window.whole else ()
        self._facts.change(client_id, [*changed, *((window.stored[key], None) for key in sorted(gone))])
        return Counts(len(raws), len(changed), refused)

    def _window_of(self, place: Place) -> Window:
        known = self._window
        if known and not place.begins and (known.first, known.account_id) == (place.first, place.account.id):
            return known
        stored = self._facts.rows(
            place.connection.client_id,
            first=place.first,
            last=place.last,
            platform=self._platform.name,
            account_id=place.account.id,
        )
        by_key = {(row.date, row.id): row for row in stored}
        self._window = Window(place.first, place.last, place.account.id, by_key, {}, place.begins)
        return self._window

    def _records(self, place: Place, raws: Sequence[Any]) -> Counts:
        client_id, settings = place.connection.client_id, place.connection.settings
        records, refused = self._read(place, raws, lambda raw: record(place.stream, place.account, raw, settings))
        newest = list({record.id: record for record in records}.values())
        wanted = self._followers.welcome(client_id, newest)
        known = self._objects.known(
            client_id, self._platform.name, [(new_record.stream, new_record.id) for new_record in wanted]
        )
        pairs = [(known.get(new_record.id), new_record) for new_record in wanted]
        self._followers.follow(place.connection, place.stream, [pair for pair in pairs if changed(*pair)])
        written = [after for before, after in pairs if before is None or before.raw != after.raw]
        self._objects.put(client_id, self._platform.name, written, place.sync.until)
        return Counts(len(raws), len(written), refused)

    def _read[T](self, place: Place, raws: Sequence[Any], read: Callable[[Any], T]) -> tuple[list[T], int]:
        good, bad = list[T](), list[Quarantined]()
        for raw in raws:
            try:
                good.append(read(raw))
            except Malformed as reason:
                bad.append(self._aside(place, raw, str(reason)))
        if bad:
            self._quarantine.put(place.connection.client_id, bad)
        return good, len(bad)

    def _aside(self, place: Place, raw: Any, reason: str) -> Quarantined:
        kept = raw if len(str(raw)) <= LARGEST else None
        return Quarantined(
            f"{place.stream.name}-{fingerprint(raw)}",
            self._platform.name,
            place.stream.name,
            place.account.id,
            reason,
            kept,
            self._now(),
            place.sync.id,
        )


def changed(before: Record | None, after: Record) -> bool:
    """Whether what we understand of it is another than before."""
    return before is None or before.fields != after.fields


def _with_distinct_ids(rows: Sequence[AdRow], came: Mapping[tuple[date, str], AdRow]) -> Sequence[AdRow]:
    """Rows of one page that share a day and a campaign are parts of it, also where they are alike: each gets an id of
    its own. The same row again, at the edge of two pages, is the same."""
    seen, keys, apart = dict(came), set[tuple[date, str]](), list[AdRow]()
    for row in rows:
        named, number = row, 1
        while (key := (named.date, named.id)) in keys or (key in seen and replace(seen[key], id=row.id) != row):
            number += 1
            named = replace(row, id=f"{row.id}|{number}")
        keys.add(key)
        seen[key] = named
        apart.append(named)
    return apart
