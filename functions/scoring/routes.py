"""The endpoints of lead scoring."""

from typing import Annotated, Any, Literal

from fastapi import Query, Response

from functions.scoring import examples
from functions.scoring.schemas import (
    ConfigIn,
    ConfigOut,
    PreviewOut,
    ScoreIn,
    ScoreOut,
    config_out,
    preview_out,
    score_out,
)
from functions.scoring.wiring import Scoring
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, ok, whole_list
from groundswell.http.operation import operation
from groundswell.http.paging import Paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Member, Viewer
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.clients.model import Scope

router = create_router("Lead scoring")
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}
_HOUR = 3600


@router.get("/leadscoring/config", **operation("score_config.get", response_example=examples.CONFIG_OUT, **_READS))
async def get_config(
    who: Viewer,
    response: Response,
    scoring: Scoring,
    version: Annotated[int | None, Query(ge=0, le=10**9, description="One that was; else the newest")] = None,
) -> Envelope[ConfigOut]:
    """The rules and thresholds by which leads are scored. The version is the ETag."""
    config = scoring.config(who.client_id, version)
    tag(response, config.version)
    return ok(config_out(config))


@router.update(
    "/leadscoring/config",
    **operation(
        "score_config.put",
        scope=Scope.LEADS_WRITE,
        request_example=examples.CONFIG,
        response_example=examples.CONFIG_OUT,
        errors=(401, 403, 404, 412),
    ),
)
async def put_config(
    body: ConfigIn, who: Admin, response: Response, expected: IfMatch, scoring: Scoring
) -> Envelope[ConfigOut]:
    """Change how leads are scored, as the next version: what is absent stays, `rules` are replaced as a whole. For
    admins. Scores that are kept stay as they are until a lead is scored again; each names the version it is by."""
    config = scoring.change(who, body.values(), expected)
    tag(response, config.version)
    return ok(config_out(config))


@router.post(
    "/leadscoring/config/preview",
    **operation(
        "score_config.preview",
        scope=Scope.LEADS_WRITE,
        request_example=examples.CONFIG,
        response_example=examples.PREVIEW,
        errors=(401, 403, 404),
    ),
)
async def preview_config(body: ConfigIn, who: Admin, scoring: Scoring) -> Envelope[PreviewOut]:
    """What a change would make of the newest 200 leads. Nothing is kept. For admins."""
    return ok(preview_out(scoring.preview(who.client_id, body.values())))


@router.post(
    "/leadscoring/score",
    **operation(
        "scores.compute",
        scope=Scope.LEADS_WRITE,
        limit=(1000, _HOUR, "user"),
        request_example=examples.SCORE,
        response_example=[examples.RESULT],
        errors=(401, 403, 404),
    ),
)
async def compute_scores(body: ScoreIn, who: Member, scoring: Scoring) -> Listed[ScoreOut]:
    """Score up to 100 leads: by `lead_ids`, and their scores are kept, or as they are sent in `leads`, and nothing is.

    Rules on events count the `events` that are sent with a lead. Where one of the ids is no lead, nothing is kept: 404,
    with the ids in `error.details`.
    """
    if body.lead_ids is not None:
        scores = scoring.score_stored(who.client_id, body.lead_ids)
    else:
        now = utc_now()
        scores = scoring.score(who.client_id, [each.subject(now) for each in body.leads or ()])
    return whole_list([score_out(each) for each in scores])


@router.get("/leadscoring/results", **operation("scores.list", response_example=[examples.STORED], **_READS))
async def list_results(
    who: Viewer,
    page: Paging,
    scoring: Scoring,
    min_score: Annotated[float, Query(ge=0, le=1)] = 0,
    grade: Annotated[Literal["A", "B", "C", "D"] | None, Query()] = None,
) -> Listed[ScoreOut]:
    """Scores as they were kept, at their `scored_at`: the highest first."""
    found = scoring.results(who.client_id, min_score, grade, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, found.map(score_out))


@router.get("/leadscoring/results/{lead_id}", **operation("scores.get", response_example=examples.STORED, **_READS))
async def get_result(lead_id: str, who: Viewer, scoring: Scoring) -> Envelope[ScoreOut]:
    """One lead's score as of now, with its reasons. It is not kept."""
    return ok(score_out(scoring.live(who.client_id, lead_id)))
