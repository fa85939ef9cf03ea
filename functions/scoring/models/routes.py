"""The endpoints of models."""

from typing import Annotated, Any

from fastapi import Response

from functions.scoring import examples
from functions.scoring.config.schemas import ConfigOut, config_out
from functions.scoring.models.schemas import ModelOut, TrainIn, model_out, target_of
from functions.scoring.models.wiring import Models
from functions.scoring.wiring import Scoring
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, accepted, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NEWEST_FIRST, PageRequest, paging
from groundswell.http.preconditions import tag
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.http.progress import OperationOut, operation_out
from groundswell.tenancy.clients.model import Scope

router = create_router("Lead scoring")
ModelsPage = Annotated[PageRequest, paging(50, 20, sorts=NEWEST_FIRST[:1])]
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}
_HOUR = 3600


@router.post(
    "/leadscoring/train",
    **operation(
        "score_models.train",
        scope=Scope.LEADS_WRITE,
        limit=(60, _HOUR, "user"),
        request_example=examples.TRAIN,
        response_example=examples.TRAINING,
        status=202,
        location="/operations/{id}",
        errors=(401, 403, 404, 409),
    ),
)
async def train_model(body: TrainIn, who: Editor, models: Models) -> Envelope[OperationOut]:
    """Train a model on what became of the client's own leads: logistic regression with imputed and scaled numbers, a
    column for each value that 20 leads have, and an L2 penalty; the same leads give the same model.

    The operation's `result` is `{model_id, rows, positives, folds, auc, log_loss, brier, calibration, coefficients}`,
    all of it held out, on five folds. It fails with its reason where fewer than 20 leads were won, or fewer than 20
    were not. A model is used once it is activated. At most 50 a client. For editors.
    """
    return accepted(operation_out(models.train(who, target_of(body.target), body.features or None, body.exclude)))


@router.get("/leadscoring/models", **operation("score_models.list", response_example=[examples.MODEL], **_READS))
async def list_models(who: Viewer, page: ModelsPage, models: Models, scoring: Scoring) -> Listed[ModelOut]:
    """Models, newest first."""
    model_page = models.page(who.client_id, page.limit, page.position(who.client_id))
    active = scoring.config(who.client_id).model_id
    return page.answer(who.client_id, model_page.map(lambda model: model_out(model, active)))


@router.get(
    "/leadscoring/models/{model_id}", **operation("score_models.get", response_example=examples.MODEL, **_READS)
)
async def get_model(model_id: str, who: Viewer, models: Models, scoring: Scoring) -> Envelope[ModelOut]:
    """One model, with its coefficients."""
    return ok(model_out(models.get(who.client_id, model_id), scoring.config(who.client_id).model_id))


@router.post(
    "/leadscoring/models/{model_id}/activate",
    **operation(
        "score_models.activate",
        scope=Scope.LEADS_WRITE,
        response_example=examples.ACTIVATED,
        errors=(401, 403, 404, 412),
    ),
)
async def activate_model(
    model_id: str, who: Admin, response: Response, models: Models, scoring: Scoring
) -> Envelope[ConfigOut]:
    """Score by this model from now on. It is a new version of the config, which is the answer: `model` becomes
    `logistic` where it was `rules`, and stays `combined` where it was that. Kept scores follow as leads change, or all
    at once by `POST /leadscoring/score` with `all`. For admins."""
    config = scoring.activate(who, models.get(who.client_id, model_id).id)
    tag(response, config.version)
    return ok(config_out(config))
