"""Wire shapes of SQL."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from functions.analytics.exact import written
from groundswell.analytics.engine.model import MOST_SQL, Statement
from groundswell.http.schema import In, Out, Time

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

    def statement(self) -> Statement:
        return Statement(self.sql, self.parameters)

    def question(self) -> str:
        """As the job takes it."""
        return written({"kind": "sql", "sql": self.sql, "parameters": self.parameters})


class ColumnOut(Out):
    name: str
    type: str


class SqlOut(Out):
    """A row has as many values as there are columns. Decimals keep their digits, times are in UTC."""

    columns: list[ColumnOut]
    rows: list[list[Any]]
    as_of: Time = Field(description="Everything received up to about then is in it")
