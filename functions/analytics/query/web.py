"""Wire shapes of what happens on a site."""

from typing import Annotated, Any, Literal

from pydantic import Field

from functions.analytics.answered import OverTimeOut
from functions.analytics.query.conditions import DAYS, Dimension, Where, wheres_of
from groundswell.analytics.engine.series import MOST_BREAKDOWNS, MOST_TOP
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.http.range import RangedIn
from groundswell.http.schema import Out, Time
from groundswell.http.timestamps import milliseconds
from groundswell.kernel.clock import utc_now


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

    def question(self, clients: str) -> dict[str, Any]:
        """As `question_of` reads it. Raises Invalid."""
        chosen = self.range(clients)
        calendar = Calendar(self.granularity, chosen.timezone, DAYS.index(self.week_start))
        window = calendar.recent(milliseconds(utc_now()), chosen.start, chosen.end)
        calendar.starts(window)
        return {
            "kind": "web",
            "from": window.start,
            "to": window.end,
            "timezone": chosen.timezone,
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


class WebOut(OverTimeOut):
    """`lists` have the largest of each dimension: `page, source, medium, campaign, click_id` (`gclid`, …), `referrer,
    entry, exit, country, device, browser, os`. A visit has what its first event says that knows it."""

    totals: VisitsOut
    series: list[VisitsAtOut]
    groups: list[VisitsByOut]
    lists: dict[str, list[VisitsOfOut]]
