"""Series of events over time: any measures, conditions, up to two breakdowns, and formulas over them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from groundswell.analytics.engine.columns import PEOPLE, Column, QueryContext
from groundswell.analytics.engine.formulas import Formula, Value
from groundswell.analytics.engine.measures import MEASURES, Measure, percentile
from groundswell.analytics.engine.model import Statement, Table
from groundswell.analytics.engine.where import holds
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.analytics.questions.values import decoded, shown
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import spelled
from groundswell.kernel.errors import Invalid

MOST_SERIES = 10
MOST_BREAKDOWNS = 2
MOST_TOP = 100
MOST_POINTS = 200_000
"""Of an answer: figures in all."""
_ALL, _REST = -1, 0
"""Instead of a group's rank."""


@dataclass(frozen=True)
class Series:
    """Events of that name for which the conditions hold, measured. `of` is the field that is summed or counted."""

    id: str
    name: str | None = None
    where: Sequence[Mapping[str, Any]] = ()
    measure: str = "count"
    of: str | None = None
    currency: str | None = None
    percent: Decimal = Decimal(50)

    @property
    def measured(self) -> Measure:
        return percentile(self.percent) if self.measure == "percentile" else MEASURES[self.measure]


class _Point(msgspec.Struct):
    n: int
    v: list[str | None]


type _Row = tuple[int, int, str | None, str | None, str | None, str | None, list[_Point]]
"""The series, the group's rank, its values, the least and the greatest currency, points."""


@dataclass(frozen=True)
class Chart:
    """`starts` are the buckets' (ms); a single one where there is no granularity."""

    series: Sequence[Series]
    window: Window
    starts: Sequence[int]
    calendar: Calendar | None
    where: Sequence[Mapping[str, Any]] = ()
    breakdowns: Sequence[str] = ()
    top: int = 10
    formulas: Mapping[str, str] = field(default_factory=dict)
    sample: Decimal | None = None
    """Percent of the persons."""

    def __post_init__(self) -> None:
        """Raises Invalid."""
        lines = len(self.series) * (self.top + 2 if self.breakdowns else 1)
        if lines * (len(self.starts) + 1) > MOST_POINTS:
            raise Invalid.on("granularity", f"more than {MOST_POINTS} figures: a coarser one, or a smaller `top`")
        self._formulas  # noqa: B018 - what is no formula is refused

    @property
    def _formulas(self) -> dict[str, Formula]:
        names = frozenset(series.id for series in self.series)
        return {name: Formula(text, names, f"formulas.{name}") for name, text in self.formulas.items()}

    @property
    def read(self) -> Window | None:
        """Which events have to be there; all, where traits are asked for."""
        return None if PEOPLE in self.statement.sql else self.window

    @property
    def statement(self) -> Statement:
        context = QueryContext({"starts": list(self.starts), "from": self.window.start, "until": self.window.end})
        by = [context.column(path).json for path in self.breakdowns]
        facts = " UNION ALL ".join(self._facts(at, series, by, context) for at, series in enumerate(self.series))
        ranked, measures = self._ranked, (self._measured(at, series) for at, series in enumerate(self.series))
        sql = f"""
WITH periods AS (SELECT unnest($starts::BIGINT[]) AS start, unnest(range(len($starts::BIGINT[]))) AS number),
{context.people}facts AS MATERIALIZED ({facts}),
{ranked}
figures AS ({" UNION ALL ".join(measures)})
SELECT series, place, any_value(b0), any_value(b1), min(low), max(high), list({{'n': number, 'v': parts}})
FROM figures GROUP BY series, place ORDER BY series, place
"""
        return Statement(sql, context.parameters, context.cohorts)

    def _facts(self, at: int, series: Series, by: Sequence[str], context: QueryContext) -> str:
        b0, b1 = [*by, "NULL::VARCHAR", "NULL::VARCHAR"][:2]
        of = context.column(series.of or "value")
        who = of.json if series.measure == "unique" and series.of else "events.person"
        amount = of.amount if series.measured.of_amounts else "NULL::VARCHAR"
        money = "coalesce(events.currency, 'XXX')" if self._is_money(series) else "NULL::VARCHAR"
        conditions = [holds(self.where, context), holds(series.where, context), *self._own(series, of, context)]
        conditions += ["events.ts >= $from", "events.ts < $until"]
        if self.sample:
            from groundswell.analytics.engine.sampling import in_sample  # few questions are about a sample

            conditions.append(in_sample(self.sample))
        return (
            f"SELECT {at} AS series, number, {b0} AS b0, {b1} AS b1, {who} AS who, "
            f"{amount} AS amount, {money} AS money FROM events ASOF JOIN periods ON events.ts >= periods.start"
            f"{context.join} WHERE {' AND '.join(conditions)}"
        )

    def _own(self, series: Series, of: Column, context: QueryContext) -> Iterator[str]:
        if series.name is not None:
            yield f"events.name = {context.bind(series.name)}"
        if series.currency is not None:
            yield f"coalesce(events.currency, 'XXX') = {context.bind(series.currency)}"
        if self._is_money(series):
            yield f"{of.number} IS NOT NULL"

    def _is_money(self, series: Series) -> bool:
        """Amounts with a currency: those of different ones are never added up."""
        return series.measured.of_amounts and series.of in (None, "value")

    @property
    def _ranked(self) -> str:
        """The groups by the first series' measure, and each fact with its group's rank; 0 for the rest."""
        if not self.breakdowns:
            return f"ranked AS (SELECT *, {_ALL} AS place FROM facts),"
        first = self._measure(self.series[0])
        size = "sum(amount::DOUBLE)" if first.of_amounts else f"({_list(first)})[1]::BIGINT"
        return f"""
sizes AS (SELECT b0, b1, {size} AS size FROM facts WHERE series = 0 GROUP BY b0, b1),
places AS (SELECT seen.*, row_number() OVER (ORDER BY size DESC NULLS LAST, seen.b0, seen.b1) AS place
    FROM (SELECT DISTINCT b0, b1 FROM facts) AS seen LEFT JOIN sizes
        ON seen.b0 IS NOT DISTINCT FROM sizes.b0 AND seen.b1 IS NOT DISTINCT FROM sizes.b1),
ranked AS MATERIALIZED (SELECT facts.*, CASE WHEN place <= {self.top} THEN place ELSE {_REST} END AS place
    FROM facts JOIN places ON facts.b0 IS NOT DISTINCT FROM places.b0 AND facts.b1 IS NOT DISTINCT FROM places.b1),
"""

    def _measured(self, at: int, series: Series) -> str:
        sets = "(place, number), (place), (number), ()" if self.breakdowns else "(place, number), (place)"
        return (
            f"SELECT {at} AS series, CASE grouping(place) WHEN 1 THEN {_ALL} ELSE place END AS place, "
            "CASE grouping(number) WHEN 1 THEN -1 ELSE number END AS number, "
            "any_value(b0) AS b0, any_value(b1) AS b1, min(money) AS low, max(money) AS high, "
            f"{_list(self._measure(series))} AS parts FROM ranked WHERE series = {at} GROUP BY GROUPING SETS ({sets})"
        )

    def answer(self, table: Table, as_of: int) -> dict[str, Any]:
        """Raises Invalid for amounts of several currencies."""
        rows = msgspec.json.decode(table.rows, type=list[_Row])
        for at, _, _, _, low, high, _ in rows:
            if low != high:
                message = f"amounts are in {low}, {high} and maybe more, which are never added up: choose one"
                raise Invalid.on(f"series.{at}.currency", message)
        cells = {(row[0], row[1]): row for row in rows}
        values = {row[1]: (row[2], row[3]) for row in rows if row[1] > _REST}
        buckets = [self.calendar.spelled(start) for start in self.starts] if self.calendar else []
        groups = [self._line(cells, place, {"values": self._values(values[place])}) for place in sorted(values)]
        total = self._line(cells, _ALL, {})
        rest = self._line(cells, _REST, {}) if any(place == _REST for _, place in cells) else None
        return {"buckets": buckets, "total": total, "groups": groups, "rest": rest, "as_of": spelled(as_of)}

    def _values(self, group: tuple[str | None, str | None]) -> dict[str, Any]:
        """What the fields say, as it was sent."""
        texts = (QueryContext().column(path).is_text for path in self.breakdowns)
        named = zip(self.breakdowns, texts, group, strict=False)
        return {
            path: value if is_text or value is None else shown(decoded(value.encode()))
            for path, is_text, value in named
        }

    def _line(self, cells: Mapping[tuple[int, int], _Row], place: int, more: dict[str, Any]) -> dict[str, Any]:
        """All series and formulas of one group."""
        rows = {item.id: cells.get((at, place)) for at, item in enumerate(self.series)}
        figures = {item.id: self._figures(self._measure(item), rows[item.id]) for item in self.series}
        for name, formula in self._formulas.items():
            columns = [{key: figures[key][n] for key in figures} for n in range(len(self.starts) + 1)]
            figures[name] = [formula.of({item.id: column[item.id] for item in self.series}) for column in columns]
        shown = {name: self._spread(line) for name, line in figures.items()}
        for name, row in rows.items() if self.sample else ():
            shown[name]["standard_error"] = self._spread(self._errors(row, self.sample or Decimal(100)))
        return more | {"figures": shown}

    def _spread(self, line: Sequence[Value]) -> dict[str, Any]:
        return {"total": line[-1]} | ({"points": line[:-1]} if self.calendar is not None else {})

    def _measure(self, series: Series) -> Measure:
        if not self.sample:
            return series.measured
        from groundswell.analytics.engine.sampling import sampled

        return sampled(series.measure, series.measured, self.sample)

    def _errors(self, row: _Row | None, percent: Decimal) -> list[Value]:
        from groundswell.analytics.engine.sampling import error

        line: list[Value] = [0] * (len(self.starts) + 1)
        for point in row[-1] if row else ():
            line[point.n] = error(point.v, percent)
        return line

    def _figures(self, measure: Measure, row: _Row | None) -> list[Value]:
        """Of each bucket, and at the end of all."""
        line: list[Value] = [measure.empty] * (len(self.starts) + 1)
        for point in row[-1] if row else ():
            line[point.n] = measure.figure(point.v)
        return line


def _list(measure: Measure) -> str:
    return f"[{measure.parts}]"


def chart_of(document: Mapping[str, Any]) -> Chart:
    """As the job takes it. Raises Invalid."""
    window, every = Window(document["from"], document["to"]), document["granularity"]
    calendar = Calendar(Granularity(every), document["timezone"], document["week_start"]) if every else None
    starts = calendar.starts(window) if calendar else [window.start]
    series = [Series(**{**series, "percent": Decimal(str(series["percent"]))}) for series in document["series"]]
    more = {name: document[name] for name in ("where", "breakdowns", "top", "formulas")}
    sample = Decimal(str(document["sample"])) if document.get("sample") else None
    return Chart(series, window, starts, calendar, **more, sample=sample)
