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

    value: T
    as_of: int


def uniques_out(answers: Sequence[Answer[Uniques]], calendar: Calendar) -> dict[str, Any]:
    """What `SeriesOut` describes, with how the persons were counted. A second answer is of the period before."""

    def shown(uniques: Uniques) -> dict[str, Any]:
        series = [
            {"ts": calendar.spelled(start), "value": persons, "count": uniques.events[start]}
            for start, persons in uniques.persons.items()
        ]
        return {"series": series, "total": uniques.total, "count": sum(uniques.events.values())}

    method = max((answer.value.method for answer in answers), key=lambda counting_method: counting_method.method)
    stated = {"measure": Measure.UNIQUE, **_method(method), "as_of": spelled(answers[0].as_of)}
    first, *before = [shown(answer.value) for answer in answers]
    return {**first, **stated} | ({"previous": before[0]} if before else {})


def breakdown_out(answer: Answer[Breakdown], measure: Measure) -> dict[str, Any]:
    """What `BreakdownOut` describes."""
    breakdown = answer.value

    def shown(figures: Figures) -> dict[str, Any]:
        values = {Measure.SUM: figures.total, Measure.UNIQUE: figures.persons, Measure.COUNT: figures.count}
        return {"count": figures.count, "value": values[measure]}

    return {
        "groups": [{"group": shown_value(group.value), **shown(group.figures)} for group in breakdown.groups],
        "other": {"groups": breakdown.others, **shown(breakdown.other)},
        "total": shown(breakdown.total),
        "currency": breakdown.currency,
        **_method(breakdown.method),
        "as_of": spelled(answer.as_of),
    }


def funnel_out(answer: Answer[Conversion]) -> dict[str, Any]:
    """What `FunnelOut` describes."""
    branches = [
        {"group": shown_value(branch.value), "steps": steps_out(branch.steps)} for branch in answer.value.branches
    ]
    return {"steps": steps_out(answer.value.steps), "branches": branches, "as_of": spelled(answer.as_of)}


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
        for cohort in answer.value
    ]
    return {"cohorts": cohorts, "as_of": spelled(answer.as_of)}


def paths_out(answer: Answer[Paths]) -> dict[str, Any]:
    """What `PathsOut` describes."""
    paths = answer.value
    return {
        "paths": [{"events": path.names, "count": path.count, "persons": path.persons} for path in paths.paths],
        "other": paths.other,
        "starts": paths.starts,
        "persons": paths.persons,
        "as_of": spelled(answer.as_of),
    }


def sessions_out(answer: Answer[Sessions], calendar: Calendar) -> dict[str, Any]:
    """What `SessionsOut` describes."""
    sessions = answer.value
    return {
        "series": [{"ts": calendar.spelled(start), **_figures(bucket)} for start, bucket in sessions.buckets.items()],
        "total": _figures(sessions.total),
        "persons": sessions.persons,
        "entry_pages": [{"page": page, "sessions": count} for page, count in sessions.entries],
        "exit_pages": [{"page": page, "sessions": count} for page, count in sessions.exits],
        "as_of": spelled(answer.as_of),
    }


def transactions_out(transactions: Sequence[Transaction], total: int, as_of: int) -> dict[str, Any]:
    """What `TransactionsOut` describes."""
    return {
        "transactions": [_transaction(transaction) for transaction in transactions],
        "total": total,
        "as_of": spelled(as_of),
    }


def _transaction(transaction: Transaction) -> dict[str, Any]:
    return {
        "chain": transaction.chain,
        "tx_hash": transaction.tx_hash,
        "status": transaction.status,
        "person": transaction.person,
        "wallet": transaction.wallet,
        "contract": transaction.contract,
        "method": transaction.method,
        "value": transaction.value,
        "first_seen": spelled(transaction.first),
        "last_seen": spelled(transaction.last),
        "transitions": [{"ts": spelled(one.ts), "status": one.status} for one in transaction.transitions],
    }


def volume_out(volumes: list[Volume], top: int, as_of: int, many: int | None = None) -> dict[str, Any]:
    """What `VolumeOut` describes. `many` is how many there are, if
    these are not all."""
    groups = [
        {
            "group": volume.key,
            "chain": volume.chain,
            "count": volume.count,
            "confirmed": volume.confirmed,
            "value": volume.value,
        }
        for volume in volumes[:top]
    ]
    return {"groups": groups, "others": max(0, (len(volumes) if many is None else many) - top), "as_of": spelled(as_of)}


def conversion_out(answer: Answer[tuple[Conversion, ...]]) -> dict[str, Any]:
    """What `ConversionOut` describes."""
    visitors = answer.value[0].steps[0].persons
    reached = [conversion.steps[1] for conversion in answer.value]
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


def _figures(figures: SessionFigures) -> dict[str, Any]:
    return {
        "sessions": figures.sessions,
        "events": figures.events,
        "bounces": figures.bounces,
        "bounce_rate": rate(figures.bounces, figures.sessions),
        "events_per_session": rate(figures.events, figures.sessions),
        "mean_seconds": seconds(figures.mean_duration),
        "median_seconds": seconds(figures.median_duration),
    }


def _method(method: Method) -> dict[str, Any]:
    return {"method": method.method, "standard_error": method.standard_error}
