"""Visits: events of one person without a long pause, or of one session of the client's own."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import mean, median
from typing import NamedTuple

from groundswell.analytics.questions.activity import FIELDS, acts, from_server
from groundswell.analytics.questions.calendar import Buckets
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.rows import Row
from groundswell.events.eventlog.model import DAY, MINUTE
from groundswell.events.eventlog.window import Window

GAP = 30 * MINUTE
"""A pause that ends a session. One with an id of the client's own lasts through pauses, but for `SILENCE`."""
SILENCE = DAY
PAGES = (Field("context.page.path"), Field("properties.path"), Field("properties.$pathname"))
READ = (*PAGES, *FIELDS)
PAGE_KINDS = ("page", "screen")


@dataclass
class Session:
    """Times in ms; `entry` and `exit` are the first and last page, if there was one. `actions` are the events of
    somebody's doing, pages among them. `active`: when the visitor's own device last told of it."""

    person: str
    start: int
    end: int
    active: int
    events: int = 0
    actions: int = 0
    entry: str | None = None
    exit: str | None = None


class Figures(NamedTuple):
    """Durations in ms. A session in which somebody did one thing at most, such as look at a page, is a bounce."""

    sessions: int
    events: int
    bounces: int
    mean_duration: float | None
    median_duration: float | None


@dataclass(frozen=True)
class Sessions:
    """`buckets` by start; `entries` and `exits` are the most frequent pages."""

    buckets: dict[int, Figures]
    total: Figures
    persons: int
    entries: tuple[tuple[str, int], ...]
    exits: tuple[tuple[str, int], ...]


def read(window: Window) -> Window:
    """Whose rows tell all about the sessions that begin in `window`; one that lasts a day longer is cut there."""
    return Window(max(0, window.start - SILENCE), window.end + SILENCE)


def sessions(rows: Iterable[Row]) -> Iterator[Session]:
    """`rows` in time order; so an event that came late joins the sessions it lies between.

    An event without a session id belongs to its person's running session, whatever has begun it. Where none runs, it
    begins one, unless a server sent it.
    """
    going: dict[tuple[str, str | None], Session] = {}
    latest: dict[str, Session] = {}
    for row in rows:
        if row.person is None:
            continue
        current, reported = _running(row, going, latest), row.session_id is None and from_server(row)
        if current is None:
            if reported:
                continue
            key = (row.person, row.session_id)
            if key in going:
                yield going[key]
            current = going[key] = Session(row.person, row.ts, row.ts, row.ts)
        _join(current, row)
        if not reported:  # a server that goes on telling of somebody does not keep the visit alive
            current.active, latest[row.person] = row.ts, current
    yield from going.values()


def _running(
    row: Row, going: Mapping[tuple[str, str | None], Session], latest: Mapping[str, Session]
) -> Session | None:
    """The session that an event goes on with."""
    if row.person is None:
        return None
    if row.session_id is None:
        current = latest.get(row.person)
        return current if current and row.ts - current.active <= GAP else None
    current = going.get((row.person, row.session_id))
    return current if current and row.ts - current.end <= SILENCE else None


def _join(session: Session, row: Row) -> None:
    session.end, session.events = row.ts, session.events + 1
    session.actions += acts(row)
    if row.kind in PAGE_KINDS:
        session.exit = _page(row)
        session.entry = session.entry or session.exit


@dataclass
class Spent:
    """What sessions sum up to; 8 bytes for each. `durations` in ms."""

    events: int = 0
    bounces: int = 0
    durations: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, session: Session) -> None:
        self.events += session.events
        self.bounces += session.actions <= 1
        self.durations.append(session.end - session.start)

    def merge(self, other: "Spent") -> None:
        self.events += other.events
        self.bounces += other.bounces
        self.durations.extend(other.durations)

    @property
    def figures(self) -> Figures:
        durations = self.durations
        average, middle = (mean(durations), median(durations)) if durations else (None, None)
        return Figures(len(durations), self.events, self.bounces, average, middle)


@dataclass
class Tally:
    """Sessions by the bucket they begin in. Tallies of different persons add up: `merge`."""

    buckets: dict[int, Spent]
    persons: int = 0
    entries: Counter[str] = field(default_factory=Counter)
    exits: Counter[str] = field(default_factory=Counter)

    def merge(self, other: "Tally") -> None:
        self.persons += other.persons
        self.entries.update(other.entries)
        self.exits.update(other.exits)
        for start, spent in other.buckets.items():
            self.buckets[start].merge(spent)

    def largest(self, top: int) -> Sessions:
        whole = Spent()
        for spent in self.buckets.values():
            whole.merge(spent)
        figures = {start: spent.figures for start, spent in self.buckets.items()}
        return Sessions(figures, whole.figures, self.persons, _most(self.entries)[:top], _most(self.exits)[:top])


def summarize(rows: Iterable[Row], window: Window, starts: list[int], top: int) -> Sessions:
    """`rows` of `read(window)`. Sessions belong to the bucket they begin in; empty buckets are zero."""
    return tally(rows, window, starts).largest(top)


def tally(rows: Iterable[Row], window: Window, starts: list[int]) -> Tally:
    buckets, persons = Buckets(starts), set[str]()
    totals = Tally({start: Spent() for start in starts})
    for session in sessions(rows):
        if session.start not in window:
            continue
        totals.buckets[buckets.of(session.start)].add(session)
        persons.add(session.person)
        for pages, page in ((totals.entries, session.entry), (totals.exits, session.exit)):
            if page is not None:
                pages[page] += 1
    totals.persons = len(persons)
    return totals


def _page(row: Row) -> str:
    """Its path, or its name where the SDK tells none."""
    paths = (page.of(row) for page in PAGES)
    return next((path for path in paths if type(path) is str), row.name)


def _most(pages: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(pages.items(), key=lambda item: (-item[1], item[0])))
