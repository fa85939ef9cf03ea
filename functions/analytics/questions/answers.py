"""What questions answer, on the wire. Decimals keep their digits; durations are in seconds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from functions.analytics.schemas import EventOut, Number, event_out, spelled
from groundswell.analytics.breakdown import Breakdown, Figures
from groundswell.analytics.calendar import Calendar
from groundswell.analytics.funnel import Conversion, Step
from groundswell.analytics.live import Tail
from groundswell.analytics.model import Measure
from groundswell.analytics.paths import Paths
from groundswell.analytics.questions import Answer
from groundswell.analytics.retention import Cohort
from groundswell.analytics.sessions import Figures as SessionFigures
from groundswell.analytics.sessions import Sessions
from groundswell.analytics.uniques import Method, Uniques
from groundswell.http.schema import Out


class AnswerOut(Out):
    as_of: datetime = Field(description="Everything received up to about then is in it")


class MethodOut(Out):
    method: Literal["exact", "hll"] = Field(description="`hll`: an estimate with the standard error beside it")
    standard_error: float | None


class FiguresOut(Out):
    count: int
    value: Number = Field(description="What was measured")


class GroupOut(FiguresOut):
    group: Any = Field(description="The field's value; null where it is missing")


class OthersOut(FiguresOut):
    groups: int


class BreakdownOut(AnswerOut, MethodOut):
    currency: str | None = Field(description="Of the sums, if they are of money")
    groups: list[GroupOut]
    other: OthersOut
    total: FiguresOut


class StepOut(Out):
    persons: int
    conversion_rate: float = Field(description="Of those who took the first step")
    step_rate: float = Field(description="Of those who took the step before")
    median_seconds: float | None = Field(description="From the step before")
    median_seconds_from_first: float | None


class BranchOut(Out):
    group: Any
    steps: list[StepOut]


class FunnelOut(AnswerOut):
    steps: list[StepOut]
    branches: list[BranchOut]


class ReturnOut(Out):
    period: int
    persons: int
    rate: float
    complete: bool = Field(description="Whether the period is over")


class CohortOut(Out):
    ts: datetime
    size: int
    returned: list[ReturnOut]


class RetentionOut(AnswerOut):
    cohorts: list[CohortOut]


class PathOut(Out):
    events: list[str]
    count: int
    persons: int


class PathsOut(AnswerOut):
    paths: list[PathOut]
    other: int
    starts: int
    persons: int


class SessionFiguresOut(Out):
    sessions: int
    events: int
    bounces: int
    bounce_rate: float
    events_per_session: float
    mean_seconds: float | None
    median_seconds: float | None


class SessionBucketOut(SessionFiguresOut):
    ts: datetime


class PageOut(Out):
    page: str
    sessions: int


class SessionsOut(AnswerOut):
    series: list[SessionBucketOut]
    total: SessionFiguresOut
    persons: int
    entry_pages: list[PageOut]
    exit_pages: list[PageOut]


class LiveOut(AnswerOut):
    events: list[EventOut]
    cursor: str = Field(description="`after` of the next call")
    has_more: bool


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
        "groups": [{"group": group.value, **shown(group.figures)} for group in found.groups],
        "other": {"groups": found.others, **shown(found.other)},
        "total": shown(found.total),
        "currency": found.currency,
        **_method(found.method),
        "as_of": spelled(answer.as_of),
    }


def funnel_out(answer: Answer[Conversion]) -> dict[str, Any]:
    """What `FunnelOut` describes."""
    branches = [{"group": branch.value, "steps": steps_out(branch.steps)} for branch in answer.found.branches]
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


def live_out(answer: Answer[Tail]) -> dict[str, Any]:
    """What `LiveOut` describes."""
    found = answer.found
    return {
        "events": [event_out(seen) for seen in found.events],
        "cursor": str(found.mark),
        "has_more": found.more,
        "as_of": spelled(answer.as_of),
    }


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
