"""What a tenant's SQL may ask for, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from groundswell.kernel.errors import Invalid

MOST_SQL = 20_000
"""Characters of a statement."""


ODD = "a value that SQL does not read as we do"
"""What a statement of ours fails with that meets one."""


class SqlRefused(Invalid):
    """The statement is not one that is answered; the message says why."""

    code = "SQL_REFUSED"


class SqlTooHeavy(Invalid):
    """The statement needs more time or memory, or answers with more, than it may."""

    code = "SQL_TOO_HEAVY"


class TooHeavy(Invalid):
    """A question needs more time or memory than it may."""

    code = "QUESTION_TOO_HEAVY"


class TooMany(Exception):
    """More events than were to be prepared."""


class OddValue(Exception):
    """A statement of ours met a value that it does not read as we do: see `ODD`."""


type Parameters = Sequence[Any] | Mapping[str, Any]
"""By position (`?`, `$1`) or by name (`$plan`)."""


@dataclass(frozen=True)
class Statement:
    """`cohorts` are parameters that stand for the members of a cohort: its id by the parameter's name."""

    sql: str
    parameters: Parameters = ()
    cohorts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """Of a process that runs one statement: seconds of the clock and of each thread's, MB it may map, rows and bytes of
    the answer."""

    seconds: int = 15
    megabytes: int = 1_200
    rows: int = 10_000
    size: int = 4_000_000


AT_ONCE = Limits()
WATCHED = Limits(seconds=4)
AS_A_JOB = Limits(seconds=240, megabytes=2_400, rows=100_000, size=50_000_000)


class Column(msgspec.Struct, frozen=True):
    name: str
    type: str


class Table(msgspec.Struct, frozen=True):
    """The answer: `rows` as JSON, each an array of as many values as there are columns."""

    columns: list[Column]
    rows: msgspec.Raw


@dataclass(frozen=True)
class Files:
    """Of one client: objects of the archive and what was counted since, links between ids and persons (none: every id
    is a person of its own), until when everything received is in it (ms), and the log's newest commit that is. `state`
    tells apart whatever an answer could depend on, where somebody wants to know: if it is what was known, no files are
    made."""

    events: tuple[str, ...]
    links: str | None
    as_of: int
    rows: int
    head: int = 0
    state: str | None = None
