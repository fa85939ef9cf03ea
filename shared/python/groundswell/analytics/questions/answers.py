"""What questions answer, as plain data and as it goes over the wire. Decimals keep their digits; durations are in
seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from groundswell.analytics.questions.breakdown import Breakdown, Figures
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.funnel import Conversion, Step
from groundswell.analytics.questions.model import Measure
from groundswell.analytics.questions.paths import Paths
from groundswell.analytics.questions.retention import Cohort
from groundswell.analytics.questions.sessions import Figures as SessionFigures
from groundswell.analytics.questions.sessions import Sessions
from groundswell.analytics.questions.transactions import Transaction, Volume
from groundswell.analytics.questions.uniques import Method, Uniques
from groundswell.analytics.questions.values import shown as shown_value
from groundswell.kernel.clock import spelled


@dataclass(frozen=True)
class Answer[T]:
    """Everything received up to about `as_of` (ms) is in it."""

    found: T
    as_of: int


def uniques_out(answers: Sequence[Answer[Uniques]], calendar: Calendar) -> dict[str, Any]:
    """What `SeriesOut` describes, with how the persons were counted. A second answer is of the period before."""

    def shown(found: Uniques) -> dict[str, Any]:
        series = [
            {"ts": calendar.spelled(start), "value": persons, "count": found.events[start]}
            for start, persons in found.persons.items()
        ]
        return {"series": series, "total": found.total, "count": sum(found.events.values())}

    method = max((each.found.method for each in answers), key=lambda each: each.method)
    stated = {"measure": Measure.UNIQUE, **_method(method), "as_of": spelled(answers[0].as_of)}
    first, *before = [shown(each.found) for each in answers]
    return {**first, **stated} | ({"previous": before[0]} if before else {})


def breakdown_out(answer: Answer[Breakdown], measure: Measure) -> dict[str, Any]:
    """What `BreakdownOut` describes."""
    found = answer.found

    def shown(figures: Figures) -> dict[str, Any]:
        values = {Measure.SUM: figures.total, Measure.UNIQUE: figures.persons, Measure.COUNT: figures.count}
        return {"count": figures.count, "value": values[measure]}

    return {
        "groups": [{"group": shown_value(group.value), **shown(group.figures)} for group in found.groups],
        "other": {"groups": found.others, **shown(found.other)},
        "total": shown(found.total),
        "currency": found.currency,
        **_method(found.method),
        "as_of": spelled(answer.as_of),
    }


def funnel_out(answer: Answer[Conversion]) -> dict[str, Any]:
    """What `FunnelOut` describes."""
    branches = [
        {"group": shown_value(branch.value), "steps": steps_out(branch.steps)} for branch in answer.found.branches
    ]
    return {"steps": steps_out(answer.found.steps), "branches": branches, "as_of": spelled(answer.as_of)}


def steps_out(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    before = (steps[0], *steps)
    return [
        {
            "persons": step.persons,
            "conversion_rate": rate(step.persons, steps[0].persons),
            "step_rate": rate(step.persons, before[at].persons),
            "median_seconds": seconds(step.from_previous),
            "median_seconds_from_first": seconds(step.from_first),
        }
        for at, step in enumerate(steps)
    ]


def retention_out(answer: Answer[tuple[Cohort, ...]], calendar: Calendar) -> dict[str, Any]:
    """What `RetentionOut` describes."""
    cohorts = [
        {
            "ts": calendar.spelled(cohort.start),
            "size": cohort.size,
            "returned": [
                {
                    "period": at,
                    "persons": persons,
                    "rate": rate(persons, cohort.size),
                    "complete": at <= cohort.complete,
                }
                for at, persons in enumerate(cohort.returned, 1)
            ],
        }
        for cohort in answer.found
    ]
    return {"cohorts": cohorts, "as_of": spelled(answer.as_of)}


def paths_out(answer: Answer[Paths]) -> dict[str, Any]:
    """What `PathsOut` describes."""
    found = answer.found
    return {
        "paths": [{"events": path.names, "count": path.count, "persons": path.persons} for path in found.paths],
        "other": found.other,
        "starts": found.starts,
        "persons": found.persons,
        "as_of": spelled(answer.as_of),
    }


def sessions_out(answer: Answer[Sessions], calendar: Calendar) -> dict[str, Any]:
    """What `SessionsOut` describes."""
    found = answer.found
    return {
        "series": [{"ts": calendar.spelled(start), **_figures(each)} for start, each in found.buckets.items()],
        "total": _figures(found.total),
        "persons": found.persons,
        "entry_pages": [{"page": page, "sessions": count} for page, count in found.entries],
        "exit_pages": [{"page": page, "sessions": count} for page, count in found.exits],
        "as_of": spelled(answer.as_of),
    }


def transactions_out(found: Sequence[Transaction], total: int, as_of: int) -> dict[str, Any]:
    """What `TransactionsOut` describes."""
    return {
        "transactions": [_transaction(each) for each in found],
        "total": total,
        "as_of": spelled(as_of),
    }


def _transaction(each: Transaction) -> dict[str, Any]:
    return {
        "chain": each.chain,
        "tx_hash": each.tx_hash,
        "status": each.status,
        "person": each.person,
        "wallet": each.wallet,
        "contract": each.contract,
        "method": each.method,
        "value": each.value,
        "first_seen": spelled(each.first),
        "last_seen": spelled(each.last),
        "transitions": [{"ts": spelled(one.ts), "status": one.status} for one in each.transitions],
    }


def volume_out(found: list[Volume], top: int, as_of: int, many: int | None = None) -> dict[str, Any]:
    """What `VolumeOut` describes. `many` is how many there are, if
    these are not all."""
    groups = [
        {
            "group": each.key,
            "chain": each.chain,
            "count": each.count,
            "confirmed": each.confirmed,
            "value": each.value,
        }
        for each in found[:top]
    ]
    return {"groups": groups, "others": max(0, (len(found) if many is None else many) - top), "as_of": spelled(as_of)}


def conversion_out(answer: Answer[tuple[Conversion, ...]]) -> dict[str, Any]:
    """What `ConversionOut` describes."""
    visitors = answer.found[0].steps[0].persons
    reached = [each.steps[1] for each in answer.found]
    shown = [
        {
            "persons": step.persons,
            "rate": rate(step.persons, visitors),
            "median_seconds": seconds(step.from_first),
        }
        for step in reached
    ]
    names = ("wallet", "transaction", "confirmed")
    return {"visitors": visitors, **dict(zip(names, shown, strict=True)), "as_of": spelled(answer.as_of)}


def rate(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0


def seconds(duration: float | None) -> float | None:
    return None if duration is None else round(duration / 1000, 3)


def _figures(found: SessionFigures) -> dict[str, Any]:
    return {
        "sessions": found.sessions,
        "events": found.events,
        "bounces": found.bounces,
        "bounce_rate": rate(found.bounces, found.sessions),
        "events_per_session": rate(found.events, found.sessions),
        "mean_seconds": seconds(found.mean_duration),
        "median_seconds": seconds(found.median_duration),
    }


def _method(method: Method) -> dict[str, Any]:
    return {"method": method.method, "standard_error": method.standard_error}
