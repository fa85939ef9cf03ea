"""A definition as it is kept with the operation that takes a large cohort, and who fits it in pieces."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groundswell.analytics.cohorts.model import MEMBERS_AT_MOST, CohortTooLarge
from groundswell.analytics.cohorts.rules import TRAITS, Definition, Did, HasTrait, Rule, members
from groundswell.analytics.questions.jobs.asked import LONGEST, exact_of, match_of
from groundswell.analytics.questions.jobs.plan import paths_of
from groundswell.analytics.questions.rows import Row
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import Invalid


@dataclass(frozen=True)
class CohortPlan:
    """`at` (ms) is when it was asked for. Adding up holds the members."""

    definition: Definition
    at: int

    @property
    def window(self) -> Window:
        return self.definition.window(self.at)

    @property
    def paths(self) -> frozenset[str]:
        asked = paths_of(rule.match for rule in self.definition.rules if isinstance(rule, Did))
        return asked.union(TRAITS) if self.definition.asks_for_traits else asked

    def wants(self, row: Row) -> bool:
        return row.person is not None

    def key(self, row: Row) -> str | None:
        return row.person

    def tally(self, rows: Iterable[Row]) -> Any:
        return members(rows, self.definition, self.at)[: MEMBERS_AT_MOST + 1]

    def answer(self, tallies: Iterable[Any], as_of: int) -> dict[str, Any]:
        found = list[str]()
        for some in tallies:
            found += some
            if len(found) > MEMBERS_AT_MOST:
                raise Invalid(CohortTooLarge.message)
        return {"persons": sorted(found), "as_of": as_of}


def plan_of(question: str, now: int) -> CohortPlan:
    """`question` is JSON with all members of the definition; `now` (ms) is when it was asked."""
    said = json.loads(question, parse_float=Decimal)
    return CohortPlan(Definition(tuple(map(_rule, said["rules"])), any_of=said["match"] == "any"), now)


def checked(question: str) -> str:
    """Raises Invalid for one that is too long to be kept with an operation."""
    if len(question) > LONGEST:
        raise Invalid.on("rules", f"rules of at most {LONGEST} characters, where more events are read than at once")
    return question


def _rule(said: Mapping[str, Any]) -> Rule:
    if said["did"] is not None:
        return Did(match_of(said["did"]), said["at_least"], said["days"], said["not"])
    return HasTrait(said["trait"], exact_of(said["equals"]), said["not"])
