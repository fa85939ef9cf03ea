"""What questions answer, on the wire. Decimals keep their digits; durations are in seconds."""

from typing import Any, Literal

from pydantic import Field

from functions.analytics.schemas import EventOut, Number, event_out
from groundswell.analytics.questions.answers import Answer
from groundswell.analytics.questions.live import Tail
from groundswell.http.schema import Out, Time
from groundswell.kernel.clock import spelled


class AnswerOut(Out):
    as_of: Time = Field(description="Everything received up to about then is in it")


class MethodOut(Out):
    method: Literal["exact", "hll"] = Field(description="`hll`: an estimate with the standard error beside it")
    standard_error: float | None


class FiguresOut(Out):
    count: int
    value: Number = Field(description="What was measured")


class GroupOut(FiguresOut):
    group: Any = Field(description="The field's value, equal numbers spelled alike; null where it is missing")


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
    ts: Time
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
    ts: Time


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


def live_out(answer: Answer[Tail]) -> dict[str, Any]:
    """What `LiveOut` describes."""
    tail = answer.value
    return {
        "events": [event_out(seen) for seen in tail.events],
        "cursor": str(tail.mark),
        "has_more": tail.more,
        "as_of": spelled(answer.as_of),
    }
