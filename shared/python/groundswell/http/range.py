"""Which time a question is about: `from`, `to` and `timezone`, which is the client's where none is named.

`tz` is what `timezone` was called first, and goes on being understood.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field, StringConstraints

from groundswell.http.principal import Viewer
from groundswell.http.schema import In
from groundswell.http.timestamps import From, RangeEnd, To, range_of
from groundswell.kernel.ranges import zone

_Named = Annotated[str, StringConstraints(max_length=64)]
_SAID = "IANA time zone of days and buckets, e.g. `Europe/Berlin`; the client's where it is left out"
_ALSO = "The same as `timezone`"


@dataclass(frozen=True)
class Range:
    """Both ends in ms, None where open, and the time zone that its days are local to."""

    start: int | None
    end: int | None
    timezone: str

    @classmethod
    def between(cls, start: str | None, end: str | None, timezone: str | None, tz: str | None, clients: str) -> "Range":
        """From what is written; `clients` is the client's time zone. Raises Invalid on any of them."""
        named = timezone or tz or clients
        zone(named, "timezone" if timezone or not tz else "tz")
        return cls(*range_of(start, end, named), named)


async def _range_of_query(
    who: Viewer,
    start: From = None,
    end: To = None,
    timezone: Annotated[_Named | None, Query(description=_SAID)] = None,
    tz: Annotated[_Named | None, Query(deprecated=True, description=_ALSO)] = None,
) -> Range:
    return Range.between(start, end, timezone, tz, who.timezone)


QueryRange = Annotated[Range, Depends(_range_of_query)]
"""From the query."""


class RangedIn(In):
    """`from` is inclusive, `to` exclusive; without a `timezone` they are local to the client's."""

    start: RangeEnd | None = Field(default=None, alias="from", description="Inclusive")
    end: RangeEnd | None = Field(default=None, alias="to", description="Exclusive")
    timezone: _Named | None = Field(default=None, description=_SAID)
    tz: _Named | None = Field(default=None, description=_ALSO, json_schema_extra={"deprecated": True})
    client_id: str | None = None

    def range(self, clients: str) -> Range:
        """`clients` is the client's time zone. Raises Invalid."""
        return Range.between(self.start, self.end, self.timezone, self.tz, clients)
