"""Rules made into functions once: a segment is asked of many leads. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from groundswell.audience.segments.model import Match, Rule, Segment, duration
from groundswell.kernel.errors import FieldProblem, Invalid
from groundswell.leads.model import Lead
from groundswell.leads.settings.types import CustomField, FieldType
from groundswell.scoring.checks import condition_problems
from groundswell.scoring.conditions import COMPARISONS, on_field, value_test
from groundswell.scoring.model import Condition, Operator
from groundswell.scoring.subjects import subject_of
from groundswell.scoring.typed import typed_problems
from groundswell.scoring.values import TIMES, moment, number, reader

NEGATIONS = {
    "not_in": Operator.IN,
    "not_contains": Operator.CONTAINS,
    "not_starts_with": Operator.STARTS_WITH,
    "not_exists": Operator.EXISTS,
}
WITHIN = "within"
OPERATORS = (*(operator.value for operator in Operator), *NEGATIONS, WITHIN)
_ON_LISTS = {"in": True, "equals": True, "exists": True, "not_in": False, "not_equals": False, "not_exists": False}
_COUNTING = frozenset(
    {"equals", "not_equals", "exists", "not_exists", *(comparison.value for comparison in COMPARISONS)}
)
_TIMED = (FieldType.DATE, FieldType.DATETIME)
_FIXED = frozenset({"score", "grade"})

type Counts = Callable[[int, Lead], int]
"""How often the lead's person did what that occurrence says."""


@dataclass(frozen=True)
class _Subject:
    """What a rule may look at."""

    lead: Lead
    fields: Mapping[str, Any]
    now: datetime
    counts: Counts


type _Test = Callable[[_Subject], bool]


def never(at: int, lead: Lead) -> int:  # noqa: ARG001
    """Counts of nothing."""
    return 0


@dataclass(frozen=True)
class Occurrence:
    """What is counted for a rule on an event: those of that name, so long ago at most (None: ever)."""

    event: str
    within: timedelta | None


class Predicate:
    """Whether a lead is in the segment."""

    def __init__(self, segment: Segment) -> None:
        events = [rule for rule in segment.rules if rule.event]
        self.occurrences: Sequence[Occurrence] = [
            Occurrence(rule.event or "", duration(rule.within) if rule.within else None) for rule in events
        ]
        self._tests = [_test(rule, events.index(rule) if rule.event else 0) for rule in segment.rules]
        self._all = segment.match is Match.ALL

    def holds(self, lead: Lead, now: datetime, counts: Counts) -> bool:
        subject = _Subject(lead, subject_of(lead).fields, now, counts)
        answers = (test(subject) for test in self._tests)
        return all(answers) if self._all else any(answers)


def check(rules: Sequence[Rule], types: Mapping[str, CustomField] = MappingProxyType({})) -> None:
    """`types` are those of the client's custom fields. Raises Invalid with all that is wrong, by path
    (`rules.0.operator`)."""
    wrong = [
        FieldProblem(f"rules.{at}.{name}", "invalid", text)
        for at, rule in enumerate(rules)
        for name, text in _wrong(rule, types)
    ]
    if wrong:
        raise Invalid(problems=tuple(wrong))


def _test(rule: Rule, at: int) -> _Test:
    if rule.event:
        holds = _counted(rule)
        return lambda subject: holds(subject.counts(at, subject.lead))
    if rule.list:
        wanted = _ON_LISTS[rule.operator] is not (rule.operator == "exists" and rule.value is False)
        return lambda subject: (rule.list in subject.lead.list_ids) is wanted
    if rule.operator == WITHIN:
        return _recent(rule)
    condition, negated = _condition(rule)
    if rule.score:
        name, test = rule.score, value_test(condition)
        return lambda subject: test(getattr(subject.lead, name), subject.now) is not negated
    on = on_field(condition)
    return lambda subject: on(subject.fields, subject.now) is not negated


def _condition(rule: Rule) -> tuple[Condition, bool]:
    """(condition, whether it is negated)."""
    negated = rule.operator in NEGATIONS
    operator = NEGATIONS[rule.operator] if negated else Operator(rule.operator)
    return Condition(field=rule.field or rule.score, operator=operator, value=rule.value), negated


def _counted(rule: Rule) -> Callable[[int], bool]:
    wanted = number(rule.value)
    match rule.operator:
        case "exists":
            return lambda count: (count > 0) is not (rule.value is False)
        case "not_exists":
            return lambda count: count == 0
        case "equals":
            return lambda count: count == wanted
        case "not_equals":
            return lambda count: count != wanted
    compare = COMPARISONS[Operator(rule.operator)]
    return lambda count: compare(count, wanted)


def _recent(rule: Rule) -> _Test:
    read, window = reader(rule.field or ""), duration(rule.within or "")

    def test(subject: _Subject) -> bool:
        at = moment(read(subject.fields))
        return at is not None and timedelta() <= subject.now - at <= window

    return test


def _wrong(rule: Rule, types: Mapping[str, CustomField]) -> Iterator[tuple[str, str]]:
    """(member, what is wrong)."""
    named = [name for name in ("field", "event", "score", "list") if getattr(rule, name)]
    if len(named) != 1:
        yield "field", "one of field, event, score and list"
        return
    if rule.operator not in OPERATORS:
        yield "operator", f"one of {', '.join(OPERATORS)}"
        return
    if rule.within is not None:
        yield from _wrong_duration(rule)
    match named[0]:
        case "list":
            if rule.operator not in _ON_LISTS:
                yield "operator", f"a list has {', '.join(_ON_LISTS)}"
        case "event":
            yield from _wrong_count(rule)
        case "score":
            yield from _wrong_score(rule)
        case _:
            yield from _wrong_field(rule, types)


def _wrong_duration(rule: Rule) -> Iterator[tuple[str, str]]:
    if not rule.event and rule.operator != WITHIN:
        yield "within", "for events, and for fields with the operator `within`"
    try:
        duration(rule.within or "")
    except ValueError as error:
        yield "within", str(error)


def _wrong_count(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.operator not in _COUNTING:
        yield "operator", f"an event has {', '.join(sorted(_COUNTING))}"
    elif "exists" not in rule.operator and number(rule.value) is None:
        yield "value", "how many occurrences: a number"


def _wrong_score(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.score not in _FIXED:
        yield "score", "score or grade"
    elif rule.operator in (WITHIN, "within_days"):
        yield "operator", "a score has no age"
    else:
        yield from _wrong_value(rule)


def _wrong_field(rule: Rule, types: Mapping[str, CustomField]) -> Iterator[tuple[str, str]]:
    if rule.operator == WITHIN:
        if rule.within is None:
            yield "within", "how long ago: a duration such as 30d"
        elif rule.field not in TIMES and not (rule.field or "").startswith("custom_fields."):
            yield "field", f"a time: {', '.join(sorted(TIMES))}, or a custom field"
        elif (known := types.get((rule.field or "").partition(".")[2])) and known.type not in _TIMED:
            yield "field", f"`{known.name}` is a {known.type.value}, and no time"
        return
    problems = list(_wrong_value(rule))
    yield from problems
    if not problems:
        for name, text in typed_problems(_condition(rule)[0], types):
            yield name.removeprefix("when."), text


def _wrong_value(rule: Rule) -> Iterator[tuple[str, str]]:
    condition, _ = _condition(rule)
    for name, text in condition_problems(condition):
        yield name.removeprefix("when."), text
