"""Wire shapes of SQL, and of questions that are one statement."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from functions.analytics.answered import AnsweredOut, OverTimeOut
from functions.analytics.questions.schemas import EventName
from groundswell.analytics.engine.model import MOST_SQL
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.http.range import RangedIn
from groundswell.http.schema import In, Out, Time
from groundswell.http.timestamps import milliseconds
from groundswell.kernel.clock import utc_now

Text = Annotated[str, StringConstraints(max_length=10_000)]
Scalar = bool | int | Decimal | Text | None
Value = Scalar | Annotated[list[Scalar], Field(max_length=10_000)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]


class SqlIn(In):
    """One SELECT statement over the views `events` and `persons`."""

    sql: Annotated[str, StringConstraints(min_length=1, max_length=MOST_SQL)] = Field(description="As DuckDB speaks it")
    parameters: Annotated[list[Value], Field(max_length=200)] | Annotated[dict[Name, Value], Field(max_length=200)] = (
        Field(default=[], description="A list for `?` and `$1`, an object for `$name`")
    )

    client_id: str | None = None

    def question(self) -> dict[str, Any]:
        """As `question_of` reads it."""
        return {"kind": "sql", "sql": self.sql, "parameters": self.parameters}


class ColumnOut(Out):
    name: str
    type: str


class SqlOut(AnsweredOut):
    """A row has as many values as there are columns. Decimals keep their digits, times are in UTC."""

    columns: list[ColumnOut]
    rows: list[list[Any]]


class PeriodsIn(RangedIn):
    """Whole periods of local time; the first one from its start. Without a range: the last 30 days, 12 weeks or 12
    months."""

    granularity: Literal[Granularity.DAY, Granularity.WEEK, Granularity.MONTH, Granularity.QUARTER] = Granularity.DAY
    name: EventName | None = Field(default=None, description="Only events of this name are acts; any event if absent")

    def question(self, kind: str, clients: str) -> dict[str, Any]:
        """As `question_of` reads it. Raises Invalid."""
        chosen = self.range(clients)
        calendar = Calendar(self.granularity, chosen.timezone)
        window = calendar.recent(milliseconds(utc_now()), chosen.start, chosen.end)
        calendar.starts(window)
        more = {"granularity": self.granularity, "timezone": chosen.timezone, "name": self.name}
        return {"kind": kind, "from": window.start, "to": window.end, **more}


class LifecyclePointOut(Out):
    ts: Time
    new: int = Field(description="Never acted before")
    returning: int = Field(description="Acted in the period before, too")
    resurrecting: int = Field(description="Acted before, but not in the period before")
    dormant: int = Field(description="Acted in the period before, and not in this one")


class LifecycleOut(OverTimeOut):
    series: list[LifecyclePointOut]


class StickyOut(Out):
    periods: int = Field(description="In how many of the periods")
    persons: int = Field(description="So many acted")


class StickinessOut(AnsweredOut):
    intervals: list[StickyOut]
    persons: int
