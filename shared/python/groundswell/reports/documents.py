"""A report as its JSON says it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from groundswell.analytics.questions.calendar import Calendar
from groundswell.kernel.clock import spelled as moment
from groundswell.reports.catalogue import METRICS, Unit
from groundswell.reports.model import Answer, Figures, Report, Value
from groundswell.reports.money import spelled

type Names = Mapping[str, str]
"""What metrics are called where that is not their own name."""


def document(report: Report, names: Names | None = None) -> dict[str, Any]:
    """Times in RFC 3339, money as decimal strings by currency."""
    question, answer, before = report.question, report.answer, report.previous
    return {
        "metrics": [(names or {}).get(metric, metric) for metric in question.metrics],
        "dimensions": list(question.dimensions),
        "from": moment(question.window.start),
        "to": moment(question.window.end),
        "timezone": question.timezone,
        "granularity": question.granularity,
        **_figures(answer, question.calendar, names),
        "breakdown": [{**row.values, **figures_out(row.figures, names)} for row in answer.breakdown],
        "previous": _period(report, before, names) if before else None,
        "as_of": moment(answer.as_of),
        "late_sources": [vars(late) for late in answer.late],
    }


def _figures(answer: Answer, calendar: Calendar, names: Names | None) -> dict[str, Any]:
    series = [
        {"ts": calendar.spelled(start), **figures_out(figures, names)} for start, figures in answer.series.items()
    ]
    return {"totals": figures_out(answer.totals, names), "series": series}


def _period(report: Report, before: Answer, names: Names | None) -> dict[str, Any]:
    window, calendar = report.question.window.previous, report.question.calendar
    return {"from": moment(window.start), "to": moment(window.end), **_figures(before, calendar, names)}


def figures_out(figures: Figures, names: Names | None = None) -> dict[str, Any]:
    return {(names or {}).get(name, name): value_out(METRICS[name].unit, value) for name, value in figures.items()}


def value_out(unit: Unit, value: Value) -> Any:
    if isinstance(value, Mapping):
        money = unit is Unit.MONEY
        return {currency: spelled(amount, currency) if money else float(amount) for currency, amount in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and unit is Unit.COUNT else float(value)
    return value
