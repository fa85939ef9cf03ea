"""The endpoints of lead scoring."""

from typing import Annotated, Any, Literal

from fastapi import Query, Response

from functions.scoring import examples
from functions.scoring.schemas import (
    AdjustmentIn,
    AdjustmentOut,
    PerformanceOut,
    ScoreIn,
    ScoreOut,
    performance_out,
    score_out,
)
from functions.scoring.wiring import Scoring
from groundswell.access.model import Role
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, accepted, created, ok, whole_list
from groundswell.http.location import described, filled
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging, whole
from groundswell.http.principal import Editor, Member, Viewer
from groundswell.http.progress import OperationOut, operation_out
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.clients.model import Scope

router = create_router("Lead scoring")
router.include_late("functions.scoring.config.routes", "functions.scoring.models.routes")
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}
_HOUR = 3600
Highest = Annotated[PageRequest, paging(sorts=("-score",))]
Adjustments = Annotated[PageRequest, whole("at")]
_PLACE = "/operations/{id}"


def _both_ways(options: dict[str, Any]) -> dict[str, Any]:
    """Scores at once, or the operation that makes them."""
    started = {
        "content": {"application/json": {"example": accepted(examples.STARTED).model_dump()}},
        "headers": described(_PLACE),
    }
    options["responses"][202] = {"description": "A worker scores all leads", "model": Envelope[OperationOut]}
    options["openapi_extra"]["responses"]["202"] = started
    return options


@router.post(
    "/leadscoring/score",
    response_model=Listed[ScoreOut] | Envelope[OperationOut],
    **_both_ways(
        operation(
            "scores.compute",
            scope=Scope.LEADS_WRITE,
            limit=(1000, _HOUR, "user"),
            request_example=examples.SCORE,
            response_example=[examples.RESULT],
            errors=(401, 403, 404),
        )
    ),
)
async def compute_scores(body: ScoreIn, who: Member, response: Response, scoring: Scoring) -> Any:
    """Score up to 100 leads: by `lead_ids`, and their scores are kept, or as they are sent in `leads`, and nothing is.
    With `all`, every lead of the client is scored again and kept: 202 with an operation, whose result is `{leads,
    changed}`. A config's change takes effect on kept scores so; it is for editors.

    Rules on events count what stored leads did, and the `events` that are sent with one that is not. Where one of the
    ids is no lead, nothing is kept: 404, with the ids in `error.details`.
    """
    if body.all:
        who.need(Role.EDITOR)
        started = scoring.score_all(who)
        response.status_code = 202
        response.headers["location"] = filled(_PLACE, {"id": started.id})
        return accepted(operation_out(started))
    if body.lead_ids is not None:
        scores = scoring.score_stored(who.client_id, body.lead_ids)
    else:
        now = utc_now()
        scores = scoring.score(who.client_id, [lead.subject(now) for lead in body.leads or ()])
    return whole_list([score_out(score) for score in scores])


@router.get("/leadscoring/results", **operation("scores.list", response_example=[examples.STORED], **_READS))
async def list_results(
    who: Viewer,
    page: Highest,
    scoring: Scoring,
    min_score: Annotated[float, Query(ge=0, le=1)] = 0,
    grade: Annotated[Literal["A", "B", "C", "D"] | None, Query()] = None,
) -> Listed[ScoreOut]:
    """Scores as they were kept, at their `scored_at`: the highest first."""
    scores = scoring.results(who.client_id, min_score, grade, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, scores.map(score_out))


@router.get("/leadscoring/results/{lead_id}", **operation("scores.get", response_example=examples.STORED, **_READS))
async def get_result(lead_id: str, who: Viewer, scoring: Scoring) -> Envelope[ScoreOut]:
    """One lead's score as of now, with its reasons. It is not kept."""
    return ok(score_out(scoring.live(who.client_id, lead_id)))


@router.get(
    "/leadscoring/results/{lead_id}/adjustments",
    **operation("score_adjustments.list", response_example=[examples.ADJUSTMENT], **_READS),
)
async def list_adjustments(lead_id: str, who: Viewer, page: Adjustments, scoring: Scoring) -> Listed[AdjustmentOut]:
    """What somebody gave the lead or took from it by hand, oldest first."""
    adjustments = scoring.adjustments(who.client_id, lead_id)
    return page.answer_in_order(who.client_id, map(AdjustmentOut.model_validate, adjustments))


@router.post(
    "/leadscoring/results/{lead_id}/adjustments",
    **operation(
        "score_adjustments.create",
        scope=Scope.LEADS_WRITE,
        request_example=examples.ADJUST,
        response_example=examples.ADJUSTED,
        status=201,
        errors=(401, 403, 404, 409),
    ),
)
async def adjust_score(lead_id: str, body: AdjustmentIn, who: Editor, scoring: Scoring) -> Envelope[ScoreOut]:
    """Give or take points by hand, for a reason that the score tells. They count beyond the caps, where rules count; a
    score by a model alone has no points. The answer is the lead's score with them, which is kept. At most 50 a lead.
    For editors."""
    return created(score_out(scoring.adjust(who, lead_id, body.axis, body.points, body.reason)))


@router.delete(
    "/leadscoring/results/{lead_id}/adjustments/{adjustment_id}",
    **operation(
        "score_adjustments.delete",
        scope=Scope.LEADS_WRITE,
        response_example=examples.STORED,
        errors=(401, 403, 404),
    ),
)
async def take_adjustment_back(lead_id: str, adjustment_id: str, who: Editor, scoring: Scoring) -> Envelope[ScoreOut]:
    """Take an adjustment back, as if it had never been. The answer is the lead's score without it. For editors."""
    return ok(score_out(scoring.take_back(who, lead_id, adjustment_id)))


@router.get(
    "/leadscoring/performance",
    **operation("scores.performance", response_example=examples.PERFORMANCE, **_READS),
)
async def get_performance(
    who: Viewer,
    scoring: Scoring,
    version: Annotated[int | None, Query(ge=0, le=10**9, description="Of the config; else all of them")] = None,
) -> Envelope[PerformanceOut]:
    """Past scores against what became of the leads: how many were won (`converted`) and lost in each band of scores, by
    the last score that a lead had before it was closed. Leads that were never scored while they were open count
    nowhere."""
    return ok(performance_out(scoring.performance(who.client_id, version)))
