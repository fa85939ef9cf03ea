"""Wire shapes of questions."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from groundswell.analytics.questions import fields, filters
from groundswell.analytics.questions.breakdown import Grouping
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.filters import Match, Operator
from groundswell.analytics.questions.funnel import MOST_STEPS, Funnel
from groundswell.analytics.questions.model import Granularity, Measure
from groundswell.analytics.questions.names import LONGEST
from groundswell.analytics.questions.paths import MOST_STEPS as MOST_PATH_STEPS
from groundswell.analytics.questions.paths import PathQuestion
from groundswell.analytics.questions.retention import MOST_PERIODS, Retention
from groundswell.analytics.questions.values import Value
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.window import Window
from groundswell.http.range import Range, RangedIn
from groundswell.http.schema import In
from groundswell.http.timestamps import milliseconds
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid

MOST_DAYS = 3_660
_MOST_CONDITIONS = 20
YEAR = 366 * 86_400
EventName = Annotated[str, StringConstraints(min_length=1, max_length=512)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{3,12}$")]
Text = Annotated[str, StringConstraints(max_length=2_000)]
Scalar = bool | int | Decimal | Text | None
Top = Annotated[int, Field(ge=1, le=1_000, description="How many of the largest to list; the rest is summed up")]
Within = Annotated[int, Field(ge=1, le=YEAR, description="In seconds")]


def window_of(time_range: Range) -> Window:
    """The last 30 local days where it is open. Raises Invalid."""
    now = milliseconds(utc_now())
    window = Calendar(Granularity.DAY, time_range.timezone).recent(now, time_range.start, time_range.end)
    if not window:
        raise Invalid.on("to", "must be after `from`")
    if window.end - window.start > MOST_DAYS * DAY or window.start < 0:
        raise Invalid.on("to", f"at most {MOST_DAYS} days after `from`, which is not before 1970")
    return window


def field_of(path: str | None, where: str) -> fields.Field | None:
    return None if path is None else fields.Field(path, where)


class ConditionIn(In):
    """`{"field": "properties.plan", "operator": "eq", "value": "team"}`; `in` takes a list, `exists` true or false.

    A missing field is null: it equals null and differs from everything else. Numbers compare by value, times
    (`2026-03-01`, `2026-03-01T12:00:00+02:00`; UTC without an offset) by their instant however they are spelled, other
    text by code point; `gt`, `gte`, `lt` and `lte` take a decimal written as text for a number. `contains` looks for
    text in text, for a member of an array, and for text in the JSON of an object.
    """

    field: Path
    operator: Operator = Operator.EQ
    value: Scalar | Annotated[list[Scalar], Field(max_length=200)] = True

    @field_validator("field")
    @classmethod
    def _known(cls, path: str) -> str:
        return _as_value_error(lambda: fields.Field(path).path)

    @model_validator(mode="after")
    def _usable(self) -> "ConditionIn":
        _as_value_error(self.condition)
        return self

    def condition(self) -> filters.Condition:
        value = tuple(map(exact, self.value)) if isinstance(self.value, list) else exact(self.value)
        return filters.Condition(fields.Field(self.field), self.operator, value)


Where = Annotated[list[ConditionIn], Field(max_length=_MOST_CONDITIONS, description="All of them hold")]


class MatchIn(In):
    """Events of that name, or of any, for which all conditions hold."""

    name: EventName | None = None
    where: Where = Field(default_factory=list)

    def match(self) -> Match:
        return Match(self.name, tuple(condition.condition() for condition in self.where))


class BreakdownIn(RangedIn, MatchIn):
    by: Path = Field(description="A field: `name`, `user_id`, `properties.plan`, `context.page.path`, `web3.chain`")
    measure: Measure = Measure.COUNT
    of: Path | None = Field(default=None, description="With `measure=sum`: the field that is summed, else `value`")
    currency: Currency | None = Field(default=None, description="With `measure=sum`: of these amounts; `XXX`: of none")
    top: Top = 10

    def grouping(self) -> Grouping:
        by, of = fields.Field(self.by, "by"), field_of(self.of, "of")
        return Grouping(by, self.measure, self.top, of, self.currency, self.match())


class UniquesIn(RangedIn, MatchIn):
    """Different persons in buckets of local time."""

    granularity: Granularity = Granularity.DAY


class FunnelIn(RangedIn):
    steps: Annotated[list[MatchIn], Field(min_length=2, max_length=MOST_STEPS)]
    within_seconds: Within = 7 * 86_400
    by: Path | None = Field(
        default=None, description="Also one funnel for each value of this field of the first step: the 200 largest"
    )

    def funnel(self) -> Funnel:
        steps = tuple(step.match() for step in self.steps)
        return Funnel(steps, self.within_seconds * 1000, field_of(self.by, "by"))


class RetentionIn(RangedIn):
    begins: MatchIn = Field(default_factory=MatchIn, alias="start")
    returns: MatchIn = Field(default_factory=MatchIn, alias="return")
    period: Granularity = Granularity.DAY
    periods: Annotated[int, Field(ge=1, le=MOST_PERIODS)] = 8
    first_time: bool = Field(default=True, description="Cohorts by the first start ever; else by each period's")

    def retention(self, time_range: Range) -> Retention:
        begins, returns = self.begins.match(), self.returns.match()
        window, first_time = window_of(time_range), self.first_time
        return Retention(window, self.period, self.periods, begins, returns, first_time, time_range.timezone)


class PathsIn(RangedIn):
    begins: MatchIn = Field(alias="start")
    among: MatchIn = Field(default_factory=MatchIn, description="Which events are steps")
    steps: Annotated[int, Field(ge=1, le=MOST_PATH_STEPS)] = 3
    within_seconds: Within = 1_800
    top: Top = 20

    def paths(self) -> PathQuestion:
        return PathQuestion(self.begins.match(), self.steps, self.within_seconds * 1000, self.top, self.among.match())


class SessionsIn(RangedIn, MatchIn):
    granularity: Granularity = Granularity.DAY
    top: Top = 10


def exact(value: Scalar) -> Value:
    """Numbers as decimals, by the digits they were written with."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_value_error[T](make: Callable[[], T]) -> T:
    """Pydantic names the place of a ValueError."""
    try:
        return make()
    except Invalid as refused:
        raise ValueError(refused.problems[0].message) from refused
