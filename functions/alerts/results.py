"""Wire shapes of an alert's newest evaluation."""

from functions.alerts.fields import Number
from groundswell.alerts.state import State, Verdict
from groundswell.http.schema import Out, Time


class ResultOut(Out):
    """`reason` says why a value is unknown: `no_data`, `never_seen`, `not_reported`, `division_by_zero`,
    `several_currencies`, `nothing_to_compare_with`, `too_many_events`, `too_many_open`, `gone`; of a question
    `question_gone`, `question_refused`, `no_figure`. `provisional`: a platform may still add to its conversions."""

    dimensions: dict[str, str]
    value: Number | None
    state: Verdict
    reason: str | None
    provisional: bool


class EvaluationOut(Out):
    """The newest one: of many results the first 50."""

    evaluated_at: Time | None
    state: Verdict | None
    open_instances: int
    results: list[ResultOut]


def evaluation_out(state: State) -> EvaluationOut:
    return EvaluationOut(
        evaluated_at=state.evaluated_at,
        state=state.verdict,
        open_instances=len(state.open),
        results=[ResultOut.model_validate(result) for result in state.results],
    )
