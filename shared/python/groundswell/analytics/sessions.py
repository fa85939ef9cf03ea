"""Visits: events of one person without a long pause, or of one session of the client's own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import NamedTuple

from groundswell.analytics.calendar import Buckets
from groundswell.analytics.fields import Field
from groundswell.analytics.model import Window
from groundswell.analytics.rows import Row
from groundswell.eventlog.model import DAY, MINUTE

GAP = 30 * MINUTE
"""A pause that ends a session. One with an id of the client's own lasts through pauses, but for `SILENCE`."""
SILENCE = DAY
_PAGES = (Field("context.page.path"), Field("properties.path"), Field("properties.$pathname"))
_PAGE_KINDS = ("page", "screen")


@dataclass
class Session:
    """Times in ms; `entry` and `exit` are the first and last page, if there was one."""

    person: str
    start: int
    end: int
    events: int = 0
    entry: str | None = None
    exit: str | None = None


class Figures(NamedTuple):
    """Durations in ms. A session of one event is a bounce."""

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
    """`rows` in time order; so an event that came late joins the sessions it lies between."""
    going: dict[tuple[str, str | None], Session] = {}
    for row in rows:
        if row.person is None:
            continue
        key = (row.person, row.session_id)
        current = going.get(key)
        if current is None or row.ts - current.end > (SILENCE if row.session_id else GAP):
            if current:
                yield current
            current = going[key] = Session(row.person, row.ts, row.ts)
        current.end, current.events = row.ts, current.events + 1
        if row.kind in _PAGE_KINDS:
            current.exit = _page(row)
            current.entry = current.entry or current.exit
    yield from going.values()


def summarize(rows: Iterable[Row], window: Window, starts: list[int], top: int) -> Sessions:
    """`rows` of `read(window)`. Sessions belong to the bucket they begin in; empty buckets are zero."""
    buckets, groups = Buckets(starts), {start: list[Session]() for start in starts}
    for session in sessions(rows):
        if session.start in window:
            groups[buckets.of(session.start)].append(session)
    every = [session for group in groups.values() for session in group]
    return Sessions(
        {start: _figures(group) for start, group in groups.items()},
        _figures(every),
        len({session.person for session in every}),
        _most(session.entry for session in every)[:top],
        _most(session.exit for session in every)[:top],
    )


def _page(row: Row) -> str:
    """Its path, or its name where the SDK tells none."""
    found = (page.of(row) for page in _PAGES)
    return next((path for path in found if isinstance(path, str)), row.name)


def _figures(group: Sequence[Session]) -> Figures:
    durations = [session.end - session.start for session in group]
    return Figures(
        len(group),
        sum(session.events for session in group),
        sum(session.events == 1 for session in group),
        mean(durations) if durations else None,
        median(durations) if durations else None,
    )


def _most(pages: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    counts = Counter(page for page in pages if page is not None)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
