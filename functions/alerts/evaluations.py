"""Wire shapes of an evaluation that somebody wants now, and of one over days that have passed."""

from typing import Annotated

from pydantic import Field, StrictBool

from functions.alerts.fields import Number
from functions.alerts.results import ResultOut
from functions.alerts.schemas import AlertCreate
from groundswell.alerts.evaluator import Evaluation, Firing
from groundswell.alerts.model import Severity
from groundswell.http.schema import In, Out, Time

PREVIEW_DAYS = 90


class TriggerIn(In):
    force: StrictBool = Field(default=False, description="Fire whatever the value, to try the actions")
    client_id: str | None = None


class TriggerOut(Out):
    evaluated_at: Time
    results: list[ResultOut]
    instance_ids: list[str]


def trigger_out(evaluation: Evaluation) -> TriggerOut:
    return TriggerOut.model_validate(evaluation)


class PreviewIn(In):
    alert: AlertCreate
    days: Annotated[int, Field(ge=1, le=PREVIEW_DAYS)] = 7
    client_id: str | None = None


class FiringOut(Out):
    at: Time
    dimensions: dict[str, str]
    value: Number | None
    threshold: Number | None
    severity: Severity


class PreviewOut(Out):
    would_fire: list[FiringOut]


def preview_out(firings: list[Firing]) -> PreviewOut:
    shown = [
        FiringOut(
            at=firing.at,
            dimensions=dict(firing.entry.dimensions),
            value=firing.entry.value,
            threshold=firing.entry.threshold,
            severity=firing.entry.severity,
        )
        for firing in firings
    ]
    return PreviewOut(would_fire=shown)
