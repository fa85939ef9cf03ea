"""Funnels, retention, paths and sessions in pieces: what each person did is in one part."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from groundswell.analytics.questions import funnel, paths, sessions
from groundswell.analytics.questions.answers import (
    Answer,
    conversion_out,
    funnel_out,
    paths_out,
    retention_out,
    sessions_out,
)
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.funnel import Funnel, Reached
from groundswell.analytics.questions.jobs.plan import bounded, paths_of
from groundswell.analytics.questions.paths import PathQuestion
from groundswell.analytics.questions.retention import Retention, retain
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.values import key_of, packed, unpacked
from groundswell.events.eventlog.window import Window


@dataclass(frozen=True)
class FunnelPlan:
    """Adding up holds 16 bytes for each person and step."""

    window: Window
    funnels: tuple[Funnel, ...]
    conversion: bool = False
    """From visit to transaction, which is several funnels; else there is one."""

    @property
    def paths(self) -> frozenset[str]:
        fields = [each.by.path for each in self.funnels if each.by]
        return paths_of([step for each in self.funnels for step in each.steps], fields)

    def wants(self, row: Row) -> bool:
        return row.person is not None and any(step(row) for each in self.funnels for step in each.steps)

    def key(self, row: Row) -> str | None:
        return row.person

    def tally(self, rows: Iterable[Row]) -> Any:
        kept = rows if len(self.funnels) == 1 else list(rows)
        return [
            [
                (
                    packed(key[1]),
                    [(step.persons, step.from_previous.tobytes(), step.from_first.tobytes()) for step in way],
                )
                for key, way in funnel.tally(kept, each).items()
            ]
            for each in self.funnels
        ]

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        merged: list[funnel.Tally] = [{} for _ in self.funnels]
        for tally in tallies:
            for mine, theirs in zip(merged, tally, strict=True):
                funnel.merge(mine, {key_of(unpacked(by)): [Reached(*step) for step in way] for by, way in theirs})
                bounded(mine)
        found = tuple(map(funnel.conversion, merged, self.funnels))
        return conversion_out(Answer(found, as_of)) if self.conversion else funnel_out(Answer(found[0], as_of))


@dataclass(frozen=True)
class RetentionPlan:
    """`now` (ms) tells which periods are over."""

    wanted: Retention
    now: int

    @property
    def window(self) -> Window:
        return self.wanted.read

    @property
    def paths(self) -> frozenset[str]:
        return paths_of([self.wanted.starts, self.wanted.comes_back])

    def wants(self, row: Row) -> bool:
        return row.person is not None and (self.wanted.starts(row) or self.wanted.comes_back(row))

    def key(self, row: Row) -> str | None:
        return row.person

    def tally(self, rows: Iterable[Row]) -> Any:
        return [(each.size, each.returned) for each in retain(rows, self.wanted, self.now)]

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        cohorts = retain((), self.wanted, self.now)
        for tally in tallies:
            cohorts = tuple(
                replace(
                    each,
                    size=each.size + size,
                    returned=tuple(map(int.__add__, each.returned, returned)),
                )
                for each, (size, returned) in zip(cohorts, tally, strict=True)
            )
        return retention_out(Answer(cohorts, as_of), self.wanted.calendar)


@dataclass(frozen=True)
class PathsPlan:
    window: Window
    wanted: PathQuestion

    @property
    def paths(self) -> frozenset[str]:
        return paths_of([self.wanted.start, self.wanted.among])

    def wants(self, row: Row) -> bool:
        return row.person is not None and (self.wanted.start(row) or self.wanted.among(row))

    def key(self, row: Row) -> str | None:
        return row.person

    def tally(self, rows: Iterable[Row]) -> Any:
        found = paths.tally(rows, self.wanted)
        return [(names, *counts) for names, counts in found.paths.items()], found.persons

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        found, everybody = dict[tuple[str, ...], tuple[int, int]](), 0
        for walked, persons in tallies:
            everybody += persons
            for names, count, people in walked:
                before = found.get(tuple(names), (0, 0))
                found[tuple(names)] = (before[0] + count, before[1] + people)
            bounded(found)
        return paths_out(Answer(paths.largest(paths.Tally(found, everybody), self.wanted.top), as_of))


@dataclass(frozen=True)
class SessionsPlan:
    """Adding up holds 16 bytes a session."""

    begins: Window
    calendar: Calendar
    top: int
    match: Match

    @property
    def window(self) -> Window:
        return sessions.read(self.begins)

    @property
    def paths(self) -> frozenset[str]:
        return paths_of([self.match], [field.path for field in sessions.READ])

    def wants(self, row: Row) -> bool:
        return row.person is not None and self.match(row)

    def key(self, row: Row) -> str | None:
        return row.person

    def tally(self, rows: Iterable[Row]) -> Any:
        found = sessions.tally(rows, self.begins, self._starts)
        spent = [(start, each.events, each.bounces, each.durations.tobytes()) for start, each in found.buckets.items()]
        return spent, found.persons, found.entries, found.exits

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        merged = sessions.Tally({start: sessions.Spent() for start in self._starts})
        for buckets, persons, entries, exits in tallies:
            spent = {
                start: sessions.Spent(events, bounces, array("q", durations))
                for start, events, bounces, durations in buckets
            }
            merged.merge(sessions.Tally(spent, persons, Counter(entries), Counter(exits)))
            bounded(merged.entries)
            bounded(merged.exits)
        return sessions_out(Answer(merged.largest(self.top), as_of), self.calendar)

    @property
    def _starts(self) -> list[int]:
        return self.calendar.starts(self.begins)
