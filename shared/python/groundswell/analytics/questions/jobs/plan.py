"""A question in pieces: rows are read once, set aside by key, tallied a part at a time, and the tallies added up."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from groundswell.analytics.questions.fields import OWN
from groundswell.analytics.questions.filters import Match
from groundswell.analytics.questions.rows import Row
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid

MOST_GROUPS = 1_000_000
"""What adding up may hold at once: values of a field, different paths, pages, contracts."""


class TooManyGroups(Invalid):
    """The answer would need more memory than a worker has."""

    code = "TOO_MANY_GROUPS"


class Plan(Protocol):
    """`window` is whose rows are read, `paths` the columns they need beyond their own fields.

    Tallies are plain data. Keys never meet in two parts, so that tallies of parts add up exactly.
    """

    @property
    def window(self) -> Window: ...

    @property
    def paths(self) -> frozenset[str]: ...

    def wants(self, row: Row) -> bool: ...

    def key(self, row: Row) -> str | None: ...

    def tally(self, rows: Iterable[Row]) -> Any:
        """Of one part, in time order."""
        ...

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        """As it goes over the wire. Raises Invalid."""
        ...


@runtime_checkable
class TwoLooks(Plan, Protocol):
    """Where some of the answer depends on what all parts say together."""

    def unanswered(self, tallies: Iterable[Any]) -> Any:
        """What has to be known to look at the parts again; None if the tallies say all."""
        ...

    def tally_again(self, rows: Iterable[Row], unanswered: Any) -> Any: ...

    def complete(self, tallies: Iterable[Any], again: Iterable[Any], as_of: int) -> dict[str, Any]: ...


def paths_of(matches: Iterable[Match], fields: Iterable[str | None] = ()) -> frozenset[str]:
    """The columns that these need beyond a row's own fields."""
    asked = {condition.field.path for match in matches for condition in match.where} | set(fields)
    return frozenset(path for path in asked if path is not None and path not in OWN)


def bounded[S: Sequence[Any] | dict[Any, Any]](groups: S) -> S:
    """Raises TooManyGroups."""
    if len(groups) > MOST_GROUPS:
        raise TooManyGroups(f"more than {MOST_GROUPS} groups: ask about fewer, or by a field with fewer values")
    return groups
