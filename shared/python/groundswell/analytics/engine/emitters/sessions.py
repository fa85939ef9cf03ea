"""Visits. What `questions.sessions` does event by event, in three steps:

Events of the visitor's own (all but what a server reports without a session) make runs: one begins with a session id,
or after a pause; what names no session goes on with the run before it. Runs of one session id make a visit, unless a
day lies between them. What a server reports joins the run before it, unless it came after a pause.

Of a person all of whose events name sessions, none as long as a day, each session is a visit: no order is needed.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from groundswell.analytics.engine.emitter import Emitter
from groundswell.analytics.engine.emitters.base import Emitted, rows, text
from groundswell.analytics.engine.matching import matches
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.periods import periods
from groundswell.analytics.questions import sessions
from groundswell.analytics.questions.activity import BOOKKEEPING, CHANNELS, LIBRARY, SERVER_LIBRARY, UNDONE
from groundswell.analytics.questions.answers import Answer, sessions_out
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.sessions import GAP, PAGE_KINDS, PAGES, SILENCE, Figures, Sessions
from groundswell.events.eventlog.window import Window

_ORDER = "PARTITION BY who ORDER BY ts, block, position"
_AT = "create_sort_key(ts, 'ASC NULLS LAST', block, 'ASC NULLS LAST', position, 'ASC NULLS LAST')"


class _Row(msgspec.Struct, array_like=True):
    """Of a bucket (`figures`), of all (number None), or of a page (`entry`, `exit`)."""

    what: str
    number: int | None
    page: str | None
    sessions: int
    events: int
    bounces: int
    duration: int
    median: float | None
    persons: int

    @property
    def figures(self) -> Figures:
        mean = self.duration / self.sessions if self.sessions else None
        return Figures(self.sessions, self.events, self.bounces, mean, self.median)


@dataclass(frozen=True)
class SessionsQuestion(Emitted):
    begins: Window
    calendar: Calendar
    top: int
    match: Match

    @property
    def read(self) -> Window:
        return sessions.read(self.begins)

    def emit(self, emitter: Emitter) -> Statement:
        where, emitted = matches(emitter, self.match), _words(emitter)
        emitter.columns("session_id")
        bucket = periods(emitter, self.calendar.starts(self.begins), self.begins.end, "begin")
        inside = f"begin >= {emitter.bind(self.begins.start)} AND begin < {emitter.bind(self.begins.end)}"
        top = emitter.bind(self.top)
        figures = (
            "count(*), coalesce(sum(events), 0)::BIGINT, (count(*) FILTER (actions <= 1)), "
            "coalesce(sum(until - begin), 0)::BIGINT, median(until - begin)"
        )
        pages = " UNION ALL ".join(
            f"(SELECT '{page}', NULL, {page}, count(*), 0, 0, 0, NULL, 0 FROM visits WHERE {page} IS NOT NULL "
            f"GROUP BY {page} ORDER BY count(*) DESC, {page} LIMIT {top})"
            for page in ("entry", "exit")
        )
        return emitter.statement(
            [
                *bucket.ctes,
                f"acted AS NOT MATERIALIZED (SELECT who, ts, block, position, session_id, {emitted} FROM picked "
                f"WHERE who IS NOT NULL AND {where})",
                *_PLAIN,
                *_RUNS,
                f"visits AS MATERIALIZED (SELECT *, {bucket.number} AS number FROM whole {bucket.join} WHERE {inside})",
            ],
            f"SELECT 'figures', number, NULL, {figures}, 0 FROM visits GROUP BY number UNION ALL "
            f"SELECT 'figures', NULL, NULL, {figures}, count(DISTINCT who) FROM visits UNION ALL {pages}",
            keep=False,
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        table_rows, starts = rows(table, _Row), self.calendar.starts(self.begins)
        buckets = dict.fromkeys(starts, Figures(0, 0, 0, None, None))
        buckets |= {starts[row.number]: row.figures for row in table_rows if row.number is not None}
        (whole,) = (row for row in table_rows if row.what == "figures" and row.number is None)
        entries, exits = (
            tuple((str(row.page), row.sessions) for row in table_rows if row.what == what) for what in ("entry", "exit")
        )
        answer = Sessions(buckets, whole.figures, whole.persons, entries, exits)
        return sessions_out(Answer(answer, as_of), self.calendar)


_PLAIN = (
    "named AS MATERIALIZED (SELECT who, session_id, min(ts) AS begin, max(ts) AS until, count(*) AS events, "
    f"sum(acts::INTEGER) AS actions, arg_min(page, {_AT}) FILTER (page <> '') AS entry, "
    f"arg_max(page, {_AT}) FILTER (page IS NOT NULL) AS exit FROM acted GROUP BY who, session_id)",
    f"mixed AS MATERIALIZED (SELECT DISTINCT who FROM named WHERE session_id IS NULL OR until - begin > {SILENCE})",
)
_RUNS = (
    # A run begins with another session, or after a pause; a server's report begins none.
    f"stepped AS (SELECT *, lag(CASE WHEN NOT reported THEN struct_pack(ts := ts, session := session_id) END "
    f"IGNORE NULLS) OVER visitor AS own, row_number() OVER visitor AS place FROM acted SEMI JOIN mixed USING (who) "
    f"WINDOW visitor AS ({_ORDER}))",
    "begun AS (SELECT who, ts, place, session_id, acts, page, NOT reported AND (CASE WHEN session_id IS NULL "
    f"THEN ts - own.ts <= {GAP} ELSE session_id = own.session AND ts - own.ts <= {SILENCE} END) IS NOT TRUE AS begins "
    f"FROM stepped WHERE NOT reported OR ts - own.ts <= {GAP})",
    "joined AS (SELECT *, sum(begins::INTEGER) OVER (PARTITION BY who ORDER BY place) AS run FROM begun)",
    "runs AS (SELECT who, run, any_value(session_id) AS session_id, min(ts) AS begin, max(ts) AS until, "
    "count(*) AS events, sum(acts::INTEGER) AS actions, arg_min(page, place) FILTER (page <> '') AS "
    "entry, arg_max(page, place) AS exit FROM joined GROUP BY who, run)",
    "parts AS (SELECT *, session_id IS NULL OR (begin - lag(until) OVER (PARTITION BY who, session_id ORDER BY run) "
    f"<= {SILENCE}) IS NOT TRUE AS apart FROM runs)",
    "visited AS (SELECT *, sum(apart::INTEGER) OVER (PARTITION BY who, session_id ORDER BY run) AS visit FROM parts)",
    "ordered AS (SELECT who, min(begin) AS begin, max(until) AS until, sum(events) AS events, "
    "sum(actions) AS actions, coalesce(arg_min(entry, run), CASE WHEN count(exit) > 0 THEN '' END) AS entry, "
    "arg_max(exit, run) AS exit FROM visited GROUP BY who, session_id, visit)",
    "whole AS (SELECT who, begin, until, events, actions, coalesce(entry, CASE WHEN exit IS NOT NULL THEN '' END) "
    "AS entry, exit FROM named ANTI JOIN mixed USING (who) UNION ALL SELECT * FROM ordered)",
)


def _words(emitter: Emitter) -> str:
    """Whether a server reports the event, whether somebody acted, and the page that was looked at."""
    texts = ", ".join(f"'{word}'" for word in sorted(UNDONE))
    kinds = ", ".join(f"'{word}'" for word in sorted(BOOKKEEPING))
    loose, shown = "session_id IS NULL", f"kind IN ({', '.join(f"'{kind}'" for kind in PAGE_KINDS)})"
    channels = " OR ".join(f"coalesce({text(emitter, channel, loose)} = 'server', false)" for channel in CHANNELS)
    runs = f"regexp_full_match({text(emitter, LIBRARY, loose)}, '{SERVER_LIBRARY}', 'i')"
    pages = ", ".join(text(emitter, page, shown) for page in PAGES)
    return (
        f"CASE WHEN {loose} THEN {channels} OR coalesce({runs}, false) ELSE false END AS reported, "
        f"kind NOT IN ({kinds}) AND name NOT IN ({texts}) AS acts, "
        f"CASE WHEN {shown} THEN coalesce({pages}, name) END AS page"
    )
