"""Wire shapes of queries."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, WithJsonSchema, model_validator

from functions.analytics.questions.schemas import Currency, EventName, Path, Scalar, Within, window_of
from groundswell.analytics.engine import columns
from groundswell.analytics.engine import where as conditions
from groundswell.analytics.engine.adapter_patterns import check_pattern
from groundswell.analytics.engine.conversions import MOST_LISTED, MOST_STEPS
from groundswell.analytics.engine.formulas import LONGEST as LONGEST_FORMULA
from groundswell.analytics.engine.measures import MEASURES
from groundswell.analytics.engine.series import MOST_BREAKDOWNS, MOST_SERIES, MOST_TOP
from groundswell.analytics.engine.web import DIMENSIONS
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window
from groundswell.http.range import RangedIn
from groundswell.http.schema import In, Out, Time
from groundswell.http.timestamps import milliseconds
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MEASURES = (*MEASURES, "percentile")
_DIMENSIONS = tuple(DIMENSIONS)


def _one_of(name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise ValueError(f"one of {', '.join(names)}")
    return name


def _named(names: Sequence[str]) -> Any:
    return WithJsonSchema({"type": "string", "enum": list(names)})


Operator = Annotated[
    str, AfterValidator(lambda name: _one_of(name, conditions.OPERATORS)), _named(conditions.OPERATORS)
]
Dimension = Annotated[str, AfterValidator(lambda name: _one_of(name, _DIMENSIONS)), _named(_DIMENSIONS)]
MeasureName = Annotated[str, AfterValidator(lambda name: _one_of(name, _MEASURES)), _named(_MEASURES)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,29}$")]
FormulaText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_FORMULA)]
Percent = Annotated[float, Field(gt=0, le=100)]
_ONE_OF = ("field", "all", "any", "not", "cohort")


class WhereIn(In):
    """A condition (`field`, `operator`, `value`), a group (`all`, `any`: of conditions and groups; `not`: of one), or
    `cohort`: who was in it when it was last taken.

    `in`, `not_in` take a list, `between` the least and the greatest value, `regex` what RE2 understands; `exists` true
    or false, `is_set` and `is_not_set` nothing. A missing field is null. Numbers compare by value, times by instant.
    """

    field: Path | None = None
    operator: Operator = "eq"
    value: Scalar | Annotated[list[Scalar], Field(max_length=200)] = True
    all: "Wheres | None" = None
    any: "Wheres | None" = None
    negated: "WhereIn | None" = Field(default=None, alias="not")
    cohort: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _usable(self) -> "WhereIn":
        said = self.said()
        if sum(each in said for each in _ONE_OF) != 1:
            raise ValueError(f"one of {', '.join(_ONE_OF)}")
        try:
            if self.field is not None:
                conditions.check([said])
                if self.operator.endswith("regex"):
                    check_pattern(str(self.value))
        except Invalid as refused:
            raise ValueError(refused.problems[0].message) from refused
        return self

    def said(self) -> dict[str, Any]:
        """As `conditions.holds` reads it."""
        groups = {"all": self.all, "any": self.any}
        more: dict[str, Any] = {name: wheres_of(each) for name, each in groups.items() if each is not None}
        if self.negated is not None:
            more["not"] = self.negated.said()
        if self.cohort is not None:
            more["cohort"] = self.cohort
        if self.field is not None:
            more |= {"field": self.field, "operator": self.operator, "value": self.value}
        return more

    def depths(self, depth: int = 1) -> Iterator[int]:
        """Of each condition in it."""
        inner = [*(self.all or ()), *(self.any or ()), *([self.negated] if self.negated else [])]
        yield depth
        for each in inner:
            yield from each.depths(depth + 1)


Wheres = Annotated[list[WhereIn], Field(max_length=conditions.MOST)]
Where = Annotated[Wheres, Field(description="All of them hold; a group of `any` says otherwise")]


def wheres_of(where: Sequence[WhereIn]) -> list[dict[str, Any]]:
    return [each.said() for each in where]


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

    def said(self, at: int) -> dict[str, Any]:
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

    @model_validator(mode="after")
    def _bounded(self) -> "QueryIn":
        every = [*self.where, *(each for series in self.series for each in series.where)]
        depths = [depth for each in every for depth in each.depths()]
        if len(depths) > conditions.MOST or max(depths, default=0) > conditions.DEEPEST:
            raise ValueError(f"at most {conditions.MOST} conditions, {conditions.DEEPEST} deep")
        return self

    def asked(self, clients: str) -> dict[str, Any]:
        """As `question_of` reads it. Raises Invalid."""
        series = [each.said(at) for at, each in enumerate(self.series)]
        names = [*(each["id"] for each in series), *self.formulas]
        if any(one == other for one, other in pairwise(sorted(names))):
            raise Invalid.on("series", "ids of series and formulas differ")
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
        }

    def _window(self, clients: str) -> Window:
        asked = self.range(clients)
        if self.granularity is None:
            return window_of(asked)
        calendar = Calendar(self.granularity, asked.timezone, DAYS.index(self.week_start))
        return calendar.recent(milliseconds(utc_now()), asked.start, asked.end)


class WebIn(RangedIn):
    """Visits of a site. `where` picks events, before visits are put together."""

    granularity: Literal[
        Granularity.HOUR, Granularity.DAY, Granularity.WEEK, Granularity.MONTH, Granularity.QUARTER
    ] = Granularity.DAY
    week_start: Literal[DAYS] = Field(default="monday", description="With `granularity=week`")  # type: ignore[valid-type]
    where: Where = Field(default_factory=list)
    breakdowns: Annotated[list[Dimension], Field(max_length=MOST_BREAKDOWNS)] = Field(
        default=[], description="Taken together: visits by source and device"
    )
    top: Annotated[int, Field(ge=1, le=MOST_TOP)] = 10

    def asked(self, clients: str) -> dict[str, Any]:
        """As `question_of` reads it. Raises Invalid."""
        asked = self.range(clients)
        calendar = Calendar(self.granularity, asked.timezone, DAYS.index(self.week_start))
        window = calendar.recent(milliseconds(utc_now()), asked.start, asked.end)
        calendar.starts(window)
        return {
            "kind": "web",
            "from": window.start,
            "to": window.end,
            "timezone": asked.timezone,
            "granularity": self.granularity,
            "week_start": DAYS.index(self.week_start),
            "where": wheres_of(self.where),
            "breakdowns": self.breakdowns,
            "top": self.top,
        }


class VisitsOut(Out):
    """A visit in which somebody did one thing at most is a bounce. Figures of a `page` are of its views: it has no
    bounces and no duration."""

    visitors: int
    visits: int
    views: int
    events: int | None
    bounces: int | None
    bounce_rate: float | None
    mean_duration_ms: float | None
    median_duration_ms: float | None


class VisitsAtOut(VisitsOut):
    ts: Time


class VisitsOfOut(VisitsOut):
    value: str


class VisitsByOut(VisitsOut):
    values: dict[str, str | None]


class WebOut(Out):
    """`lists` have the largest of each dimension: `page, source, medium, campaign, click_id` (`gclid`, …), `referrer,
    entry, exit, country, device, browser, os`. A visit has what its first event says that knows it."""

    totals: VisitsOut
    series: list[VisitsAtOut]
    groups: list[VisitsByOut]
    lists: dict[str, list[VisitsOfOut]]
    as_of: Time


class FiguresOut(Out):
    """`points` are of the buckets, absent without a granularity; null where nothing is known."""

    total: Any
    points: list[Any] | None = None


class LineOut(Out):
    """Figures of each series and formula, by id."""

    figures: dict[str, FiguresOut]


class GroupOut(LineOut):
    values: dict[str, Any] = Field(description="What the breakdowns' fields say, by field")


class QueryOut(Out):
    """Numbers keep their digits; quotients have 15. `rest` is everything that the groups do not list."""

    buckets: list[Time]
    total: LineOut
    groups: list[GroupOut]
    rest: LineOut | None
    as_of: Time


class StepIn(In):
    """Events of that name, or of any, for which the conditions hold."""

    name: EventName | None = None
    where: Where = Field(default_factory=list)

    def said(self) -> dict[str, Any]:
        """As `Conversions` reads it."""
        return {"name": self.name, "where": wheres_of(self.where)}


class ListedIn(In):
    """Who reached `step` (the first is 0), or with `converted: false` got to the one before and no farther."""

    step: Annotated[int, Field(ge=0, lt=MOST_STEPS)]
    converted: StrictBool = True
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 100
    after: Annotated[str, StringConstraints(max_length=2_000)] | None = Field(
        default=None, description="The `after` of the page before"
    )


class ConversionsIn(RangedIn):
    """Steps in order (`ordered`), one event right after the other (`strict`), or whichever comes first
    (`unordered`)."""

    steps: Annotated[list[StepIn], Field(min_length=2, max_length=MOST_STEPS)]
    within_seconds: Within = 7 * 86_400
    order: Literal["ordered", "strict", "unordered"] = "ordered"
    exclude: Annotated[list[StepIn], Field(max_length=10)] = Field(
        default=[], description="Events that must not come between the first step and the last"
    )
    per: Path | None = Field(default=None, description="Who converts: `extra.group_id`, `session_id`; else persons")
    by: Path | None = Field(default=None, description="Also by what the first step's event says")
    where: Where = Field(default_factory=list, description="Of all events")
    top: Annotated[int, Field(ge=1, le=MOST_TOP)] = 10
    listed: ListedIn | None = Field(default=None, description="Instead of figures: who converted, or dropped out")

    def asked(self, clients: str) -> dict[str, Any]:
        """As `question_of` reads it. Raises Invalid."""
        for name, path in (("per", self.per), ("by", self.by)):
            if path is not None:
                columns.check(path, name)
        if self.exclude and self.order == "unordered":
            raise Invalid.on("exclude", "what comes between has no meaning without an order")
        if self.listed and self.listed.step >= len(self.steps):
            raise Invalid.on("listed.step", f"the last step is {len(self.steps) - 1}")
        if self.listed and not self.listed.step and not self.listed.converted:
            raise Invalid.on("listed.converted", "nobody drops out before the first step")
        window = window_of(self.range(clients))
        return {
            "kind": "conversions",
            "from": window.start,
            "to": window.end,
            "steps": [each.said() for each in self.steps],
            "within": self.within_seconds * 1000,
            "order": self.order,
            "exclude": [each.said() for each in self.exclude],
            "per": self.per,
            "by": self.by,
            "where": wheres_of(self.where),
            "top": self.top,
            "listed": self.listed.model_dump() if self.listed else None,
        }


class StepOut(Out):
    """Shares of those who took the first step, and the one before; times from the first step to this one."""

    count: int
    of_first: float | None
    of_previous: float | None
    median_ms: float | None
    mean_ms: float | None


class StepsOfOut(Out):
    value: Any
    steps: list[StepOut]


class BinOut(Out):
    """`below_seconds` is null for those who took longer than all."""

    below_seconds: int | None
    count: int


class ListedOut(Out):
    id: Any
    started_at: int = Field(description="In ms since 1970")
    last_step_at: int


class ConversionsOut(Out):
    """Figures, or with `listed` those who converted or dropped out; `after` is for the next page."""

    steps: list[StepOut] | None = None
    groups: list[StepsOfOut] | None = None
    histogram: list[BinOut] | None = Field(default=None, description="Of the times from the first step to the last")
    listed: list[ListedOut] | None = None
    after: str | None = None
    as_of: Time
