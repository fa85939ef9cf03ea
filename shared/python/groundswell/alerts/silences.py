"""What a silence may be about."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from groundswell.alerts.checks import ADS_DIMENSIONS
from groundswell.alerts.model import AlertType, Severity
from groundswell.analytics.questions.names import is_field
from groundswell.kernel.errors import FieldProblem, Invalid

ALERT = "alert_id"
_OF_ALERTS = (ALERT, "alert_type", "name", "severity")
_VALUES = {"alert_type": tuple(AlertType), "severity": tuple(Severity)}


def check_matchers(matchers: Mapping[str, str]) -> None:
    """Raises Invalid for what no instance ever has: such a silence would keep nothing quiet."""
    problems = tuple(_problems(matchers))
    if problems:
        raise Invalid(problems=problems)


def _problems(matchers: Mapping[str, str]) -> Iterator[FieldProblem]:
    names = (*_OF_ALERTS, *sorted(ADS_DIMENSIONS))
    for name, value in matchers.items():
        if name not in names and not is_field(name):
            near = get_close_matches(name.lower(), names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(names)}, or a field of events"
            yield FieldProblem(f"matchers.{name}"[:100], "unknown", f"no such matcher: {hint}")
        elif value not in (values := _VALUES.get(name, (value,))):
            yield FieldProblem(f"matchers.{name}", "unknown", f"one of {', '.join(values)}")
