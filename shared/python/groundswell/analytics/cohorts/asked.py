"""A definition as it is kept with the operation that takes a large cohort."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from groundswell.analytics.cohorts.question import CohortQuestion
from groundswell.analytics.cohorts.rules import Definition, Did, HasTrait, Rule
from groundswell.analytics.engine.asked import LONGEST, exact_of, match_of
from groundswell.kernel.errors import Invalid


def question_of(question: str, now: int) -> CohortQuestion:
    """`question` is JSON with all members of the definition; `now` (ms) is when it was asked."""
    said = json.loads(question, parse_float=Decimal)
    return CohortQuestion(Definition(tuple(map(_rule, said["rules"])), any_of=said["match"] == "any"), now)


def checked(question: str) -> str:
    """Raises Invalid for one that is too long to be kept with an operation."""
    if len(question) > LONGEST:
        raise Invalid.on("rules", f"rules of at most {LONGEST} characters, where more events are read than at once")
    return question


def _rule(said: Mapping[str, Any]) -> Rule:
    if said["did"] is not None:
        return Did(match_of(said["did"]), said["at_least"], said["days"], said["not"])
    return HasTrait(said["trait"], exact_of(said["equals"]), said["not"])
