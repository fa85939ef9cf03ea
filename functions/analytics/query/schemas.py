"""Wire shapes of queries."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from functions.analytics.answered import OverTimeOut
from functions.analytics.query.conditions import DAYS, FormulaText, Id, MeasureName, Percent, Where, wheres_of
from functions.analytics.questions.schemas import Currency, EventName, Path, window_of
from groundswell.analytics.engine import columns
from groundswell.analytics.engine import where as conditions
from groundswell.analytics.engine.sampling import MEASURED
from groundswell.analytics.engine.series import MOST_BREAKDOWNS, MOST_SERIES, MOST_TOP
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window
from groundswell.http.range import RangedIn
from groundswell.http.schema import In, Out, Time
from groundswell.http.timestamps import milliseconds
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid


class SeriesIn(In):
    """Events of that name, or of any, for which the conditions hold, measured.

    `count` of events; `unique` persons, or values of the field `of`; of amounts (the events' `value`, or the field
    `of`): `sum`, `average`, `min`, `max`, `percentile` (nearest rank), `sum_per_person`; `count_per_person`.
    """

    id: Id | None = Field(default=None, description="What formulas call it; `A`, `B`, … if absent")
    name: EventName | None = None
    where: Where = Field(default_factory=list)
    measure: MeasureName = "count"
    of: Path | None = None
    currency: Currency | None = Field(default=None, description="Of these amounts alone; `XXX`: of none")
    percent: Percent = Field(default=50, description="With `measure=percentile`")

    def stored(self, at: int) -> dict[str, Any]:
        """Raises Invalid."""
        where = f"series.{at}"
        if self.of is not None:
            columns.check(self.of, f"{where}.of")
        if self.of is not None and self.measure in ("count", "count_per_person"):
            raise Invalid.on(f"{where}.of", f"`{self.measure}` is of events, not of a field")
        own = {name: getattr(self, name) for name in ("name", "of", "currency", "percent")}
        named = self.id or chr(ord("A") + at)
        return {"id": named, "where": wheres_of(self.where), "measure": self.measure, **own}


class QueryIn(RangedIn):
    """`granularity: null` asks for totals alone."""

    series: Annotated[list[SeriesIn], Field(min_length=1, max_length=MOST_SERIES)]
    where: Where = Field(default_factory=list, description="Of all series")
    breakdowns: Annotated[list[Path], Field(max_length=MOST_BREAKDOWNS)] = Field(
        default=[], description="Fields: `country`, `properties.plan`, `person.plan` (a trait, as it is now)"
    )
    top: Annotated[int, Field(ge=1, le=MOST_TOP)] = Field(default=10, description="Groups, by the first series")
    formulas: Annotated[dict[Id, FormulaText], Field(max_length=MOST_SERIES)] = Field(
        default={}, description="Over series by their ids: `A / B * 100`"
    )
    granularity: Granularity | None = Granularity.DAY
    week_start: Literal[DAYS] = Field(default="monday", description="With `granularity=week`")  # type: ignore[valid-type]
    sample: Annotated[float, Field(ge=0.1, lt=100)] | None = Field(
        default=None,
        description="Look at so many percent of the persons, and estimate: figures say their `standard_error`. For "
        "counts of events and of persons, without formulas",
    )

    @model_validator(mode="after")
    def _bounded(self) -> "QueryIn":
        every = [*self.where, *(condition for series in self.series for condition in series.where)]
        depths = [depth for condition in every for depth in condition.depths()]
        if len(depths) > conditions.MOST or max(depths, default=0) > conditions.DEEPEST:
            raise ValueError(f"at most {conditions.MOST} conditions, {conditions.DEEPEST} deep")
        return self

    def question(self, clients: str) -> dict[str, Any]:
        """As `question_of` reads it. Raises Invalid."""
        series = [series.stored(at) for at, series in enumerate(self.series)]
        names = [*(stored_series["id"] for stored_series in series), *self.formulas]
        if any(one == other for one, other in pairwise(sorted(names))):
            raise Invalid.on("series", "ids of series and formulas differ")
        self._check_sample()
        for at, path in enumerate(self.breakdowns):
            columns.check(path, f"breakdowns.{at}")
        window, timezone, week_start = self._window(clients), self.range(clients).timezone, DAYS.index(self.week_start)
        return {
            "kind": "query",
            "from": window.start,
            "to": window.end,
            "timezone": timezone,
            "granularity": self.granularity,
            "week_start": week_start,
            "series": series,
            "where": wheres_of(self.where),
            "breakdowns": self.breakdowns,
            "top": self.top,
            "formulas": self.formulas,
            "sample": self.sample,
        }

    def _check_sample(self) -> None:
        """Raises Invalid for what no error is known of."""
        if self.sample is None:
            return
        unknown = [at for at, item in enumerate(self.series) if item.measure not in MEASURED or item.of]
        if unknown or self.formulas:
            where = f"series.{unknown[0]}.measure" if unknown else "formulas"
            raise Invalid.on(where, f"no error is known of it in a sample: {', '.join(MEASURED)} alone")

    def _window(self, clients: str) -> Window:
        chosen = self.range(clients)
        if self.granularity is None:
            return window_of(chosen)
        calendar = Calendar(self.granularity, chosen.timezone, DAYS.index(self.week_start))
        return calendar.recent(milliseconds(utc_now()), chosen.start, chosen.end)


class FiguresOut(Out):
    """`points` are of the buckets, absent without a granularity; null where nothing is known. `standard_error` has the
    same shape, and is there with a `sample`: two times in three the truth lies no farther off."""

    total: Any
    points: list[Any] | None = None
    standard_error: dict[str, Any] | None = None


class LineOut(Out):
    """Figures of each series and formula, by id."""

    figures: dict[str, FiguresOut]


class GroupOut(LineOut):
    values: dict[str, Any] = Field(description="What the breakdowns' fields say, by field")


class QueryOut(OverTimeOut):
    """Numbers keep their digits; quotients have 15. `rest` is everything that the groups do not list."""

    buckets: list[Time]
    total: LineOut
    groups: list[GroupOut]
    rest: LineOut | None
