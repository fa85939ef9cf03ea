"""Wire shapes of what persons do: funnels, who comes back, journeys."""

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StringConstraints

from functions.analytics.answered import AnsweredOut, OverTimeOut
from functions.analytics.query.conditions import DAYS, Where, wheres_of
from functions.analytics.questions.schemas import EventName, Path, Within, window_of
from groundswell.analytics.engine import columns
from groundswell.analytics.engine.conversions import MOST_LISTED, MOST_STEPS
from groundswell.analytics.engine.journeys import MOST_STEPS as MOST_JOURNEY
from groundswell.analytics.engine.returning import MOST_PERIODS
from groundswell.analytics.engine.series import MOST_TOP
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.http.range import RangedIn
from groundswell.http.schema import In, Out, Time
from groundswell.http.timestamps import milliseconds
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid

MOST_COHORTS = 400


class StepIn(In):
    """Events of that name, or of any, for which the conditions hold."""

    name: EventName | None = None
    where: Where = Field(default_factory=list)

    def stored(self) -> dict[str, Any]:
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

    def question(self, clients: str) -> dict[str, Any]:
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
            "steps": [step.stored() for step in self.steps],
            "within": self.within_seconds * 1000,
            "order": self.order,
            "exclude": [step.stored() for step in self.exclude],
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


class ConversionsOut(AnsweredOut):
    """Figures, or with `listed` those who converted or dropped out; `after` is for the next page."""

    steps: list[StepOut] | None = None
    groups: list[StepsOfOut] | None = None
    histogram: list[BinOut] | None = Field(default=None, description="Of the times from the first step to the last")
    listed: list[ListedOut] | None = None
    after: str | None = None


class ReturningIn(RangedIn):
    """`start` is what begins, `return` what brings back; `granularity` the length of a period."""

    begins: StepIn = Field(default_factory=StepIn, alias="start")
    returns: StepIn = Field(default_factory=StepIn, alias="return")
    granularity: Granularity = Granularity.WEEK
    week_start: Literal[DAYS] = Field(default="monday", description="With `granularity=week`")  # type: ignore[valid-type]
    periods: Annotated[int, Field(ge=1, le=MOST_PERIODS)] = 8
    first_time: StrictBool = Field(default=True, description="Who begins for the first time ever; else in each period")
    by: Path | None = Field(default=None, description="Also by what the beginning says")
    where: Where = Field(default_factory=list, description="Of all events")

    def question(self, clients: str) -> dict[str, Any]:
        """As `question_of` reads it. Raises Invalid."""
        if self.by is not None:
            columns.check(self.by, "by")
        chosen, week_start = self.range(clients), DAYS.index(self.week_start)
        calendar = Calendar(self.granularity, chosen.timezone, week_start)
        window = calendar.recent(milliseconds(utc_now()), chosen.start, chosen.end)
        if len(calendar.starts(window)) > MOST_COHORTS:
            raise Invalid.on("granularity", f"more than {MOST_COHORTS} periods: a coarser one, or a shorter range")
        return {
            "kind": "returning",
            "from": window.start,
            "to": window.end,
            "timezone": chosen.timezone,
            "granularity": self.granularity,
            "week_start": week_start,
            "begins": self.begins.stored(),
            "returns": self.returns.stored(),
            "periods": self.periods,
            "first_time": self.first_time,
            "by": self.by,
            "where": wheres_of(self.where),
        }


class CohortOut(Out):
    """`returned`: in the period they began in, later than that, and in each one after; null where it has not begun."""

    ts: Time
    persons: int
    returned: list[int | None]


class CohortsOfOut(Out):
    value: Any
    cohorts: list[CohortOut]


class ReturningOut(OverTimeOut):
    cohorts: list[CohortOut]
    groups: list[CohortsOfOut]


class JourneysIn(RangedIn):
    """From each person's first `anchor` onwards, or with `backwards` from the last one to what led there."""

    anchor: StepIn
    among: StepIn = Field(default_factory=StepIn, description="Which events are steps")
    backwards: StrictBool = False
    steps: Annotated[int, Field(ge=1, le=MOST_JOURNEY)] = 3
    within_seconds: Within = 1_800
    by: Path | None = Field(default=None, description="What a step is called by: `path`; its name if absent")
    where: Where = Field(default_factory=list, description="Of all events")
    top: Annotated[int, Field(ge=1, le=MOST_TOP)] = 20

    def question(self, clients: str) -> dict[str, Any]:
        """As `question_of` reads it. Raises Invalid."""
        if self.by is not None:
            columns.check(self.by, "by")
        window = window_of(self.range(clients))
        return {
            "kind": "journeys",
            "from": window.start,
            "to": window.end,
            "anchor": self.anchor.stored(),
            "among": self.among.stored(),
            "backwards": self.backwards,
            "steps": self.steps,
            "within": self.within_seconds * 1000,
            "by": self.by,
            "where": wheres_of(self.where),
            "top": self.top,
        }


class JourneyOut(Out):
    """Steps in the order in which they were taken, without the anchor."""

    steps: list[str]
    persons: int


class JourneysOut(AnsweredOut):
    journeys: list[JourneyOut]
    persons: int = Field(description="Who did what the journeys are anchored at")
