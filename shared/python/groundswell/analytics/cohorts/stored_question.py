"""A definition as it is kept with the operation that takes a large cohort."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from groundswell.analytics.cohorts.question import CohortQuestion
from groundswell.analytics.cohorts.rules import Definition, Did, HasTrait, Rule
from groundswell.analytics.engine.stored_question import LONGEST, exact_of, match_of
from groundswell.kernel.errors import Invalid


def question_of(question: str, now: int) -> CohortQuestion:
    """`question` is JSON with all members of the definition; `now` (ms) is when it was asked."""
    stored = json.loads(question, parse_float=Decimal)
    return CohortQuestion(Definition(tuple(map(_rule, stored["rules"])), any_of=stored["match"] == "any"), now)


def checked(question: str) -> str:
    """Raises Invalid for one that is too long to be kept with an operation."""
    if len(question) > LONGEST:
        raise Invalid.on("rules", f"rules of at most {LONGEST} characters, where more events are read than at once")
    return question


def _rule(stored: Mapping[str, Any]) -> Rule:
    if stored["did"] is not None:
        return Did(match_of(stored["did"]), stored["at_least"], stored["days"], stored["not"])
    return HasTrait(stored["trait"], exact_of(stored["equals"]), stored["not"])
