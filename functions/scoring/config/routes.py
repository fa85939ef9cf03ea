"""The endpoints of the config."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.scoring import examples
from functions.scoring.config.schemas import ConfigIn, ConfigOut, PreviewOut, config_out, preview_out
from functions.scoring.wiring import Scoring
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Lead scoring")
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}


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
