"""What happens on a site: visits over time, where they come from, begin and end, and which pages they see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from groundswell.analytics.engine.columns import PEOPLE, QueryContext
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.visits import visits
from groundswell.analytics.engine.where import holds
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.analytics.questions.sessions import read
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import spelled

DIMENSIONS = {
    "source": "coalesce(utm_source, referrer, '(direct)')",
    "medium": "utm_medium",
    "campaign": "utm_campaign",
    "click_id": "click_id",
    "referrer": "referrer",
    "entry": "entry",
    "exit": "exit",
    "country": "country",
    "device": "device",
    "browser": "browser",
    "os": "os",
}
"""Of a visit: what its first event that knows it says."""
MOST_TOP = 100
_FIGURES = """count(DISTINCT person), count(*), coalesce(sum(views), 0)::BIGINT,
    coalesce(sum(events), 0)::BIGINT, count(*) FILTER (bounced),
    avg(duration), median(duration)"""
_NAMES = ("visitors", "visits", "views", "events", "bounces", "mean_duration_ms", "median_duration_ms")
_PAGES, _GROUPS = "page", "groups"


type _Row = tuple[
    str, int | None, str | None, str | None, int, int, int, int | None, int | None, float | None, float | None
]


@dataclass(frozen=True)
class Web:
    """`breakdowns` are up to two dimensions, taken together."""

    window: Window
    calendar: Calendar
    where: Sequence[Mapping[str, Any]] = ()
    breakdowns: Sequence[str] = ()
    top: int = 10

    @property
    def starts(self) -> list[int]:
        """Raises Invalid."""
        return self.calendar.starts(self.window)

    @property
    def read(self) -> Window | None:
        """Which events have to be there; all, where traits are asked for."""
        return None if PEOPLE in self.statement.sql else read(self.window)

    @property
    def statement(self) -> Statement:
        context = QueryContext({"starts": self.starts, "from": self.window.start, "until": self.window.end})
        where = holds(self.where, context)
        lists = " UNION ALL ".join(self._selects())
        sql = f"""
WITH periods AS (SELECT unnest($starts::BIGINT[]) AS begins, unnest(range(len($starts::BIGINT[]))) AS number),
{context.people}{visits(where, context.join)}
{lists}
"""
        return Statement(sql, context.parameters, context.cohorts)

    def _selects(self) -> list[str]:
        """A row of figures each: of all, of a bucket, of a group, of a value of a dimension."""
        nothing = "NULL::VARCHAR, NULL::VARCHAR"
        over_time = f"SELECT '', number, {nothing}, {_FIGURES} FROM visits ASOF JOIN periods ON start >= begins"
        pages = (
            f"SELECT '{_PAGES}', NULL::BIGINT, page, NULL::VARCHAR, count(DISTINCT person), "
            "count(DISTINCT (person, visit)), count(*), NULL, NULL, NULL, NULL FROM acts GROUP BY page"
        )
        selects = [f"SELECT '', NULL::BIGINT, {nothing}, {_FIGURES} FROM visits", f"{over_time} GROUP BY number"]
        selects.append(self._largest(_PAGES, pages))
        selects += [self._largest(name, self._grouped(name, [expression])) for name, expression in DIMENSIONS.items()]
        if self.breakdowns:
            both = [DIMENSIONS[breakdown] for breakdown in self.breakdowns]
            selects.append(self._largest(_GROUPS, self._grouped(_GROUPS, both)))
        return selects

    def _grouped(self, name: str, by: Sequence[str]) -> str:
        b0, b1 = [*by, "NULL::VARCHAR"][:2]
        known = f"WHERE {b0} IS NOT NULL" if len(by) == 1 else ""
        return f"SELECT '{name}', NULL::BIGINT, {b0} AS b0, {b1} AS b1, {_FIGURES} FROM visits {known} GROUP BY b0, b1"

    def _largest(self, name: str, select: str) -> str:
        return f"SELECT * FROM ({select} ORDER BY 6 DESC, 5 DESC, 3, 4 LIMIT {self.top}) AS largest_{name}"

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        rows = msgspec.json.decode(table.rows, type=list[_Row])
        totals = next((_figures(row) for row in rows if not row[0] and row[1] is None), {})
        by_number = {row[1]: _figures(row) for row in rows if not row[0] and row[1] is not None}
        empty = dict.fromkeys(_NAMES[:5], 0) | dict.fromkeys(_NAMES[5:]) | {"bounce_rate": None}
        series = [
            {"ts": self.calendar.spelled(start), **by_number.get(number, empty)}
            for number, start in enumerate(self.starts)
        ]
        lists = {name: _listed(rows, name) for name in (_PAGES, *DIMENSIONS)}
        groups = [
            {"values": dict(zip(self.breakdowns, row[2:4], strict=False)), **_figures(row)}
            for row in _ordered(rows, _GROUPS)
        ]
        return {"totals": totals, "series": series, "groups": groups, "lists": lists, "as_of": spelled(as_of)}


def _ordered(rows: Sequence[_Row], name: str) -> list[_Row]:
    named_rows = [row for row in rows if row[0] == name]
    return sorted(named_rows, key=lambda row: (-row[5], -row[4], row[2] or "", row[3] or ""))


def _listed(rows: Sequence[_Row], name: str) -> list[dict[str, Any]]:
    return [{"value": row[2], **_figures(row)} for row in _ordered(rows, name)]


def _figures(row: _Row) -> dict[str, Any]:
    figures = dict(
        zip(_NAMES, (figure if figure is not None or at > 2 else 0 for at, figure in enumerate(row[4:])), strict=True)
    )
    bounces, visits_ = figures["bounces"], figures["visits"]
    return figures | {"bounce_rate": round(bounces / visits_, 6) if visits_ and bounces is not None else None}


def web_of(document: Mapping[str, Any]) -> Web:
    """As the job takes it. Raises Invalid."""
    calendar = Calendar(Granularity(document["granularity"]), document["timezone"], document["week_start"])
    more = {name: document[name] for name in ("where", "breakdowns", "top")}
    return Web(Window(document["from"], document["to"]), calendar, **more)
