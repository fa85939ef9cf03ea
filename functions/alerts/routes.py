"""The endpoints of alerts."""

from typing import Any

from fastapi import Response

from functions.alerts import examples
from functions.alerts.evaluations import PreviewIn, PreviewOut, TriggerIn, TriggerOut, preview_out, trigger_out
from functions.alerts.instances.routes import router as instances
from functions.alerts.schemas import AlertCreate, AlertOut, AlertUpdate, alert_out
from functions.alerts.silences.routes import router as silences
from functions.alerts.slack import check_url
from functions.alerts.wiring import Alerts, Evaluating
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Member, Viewer
from groundswell.http.ratelimit import HOUR, MINUTE
from groundswell.tenancy.clients.model import Scope

router = create_router("Alerts")
router.include_router(instances)
router.include_router(silences)  # both before `/alerts/{alert_id}`, which would answer for them
_READ: dict[str, Any] = {"scope": Scope.ALERTS_READ, "errors": (401, 403, 404)}
_WRITE: dict[str, Any] = {"scope": Scope.ALERTS_WRITE, "errors": (401, 403, 404)}


@router.get("/alerts", **operation("alerts.list", response_example=[examples.ALERT], **_READ))
async def list_alerts(who: Viewer, page: OldestFirst, alerts: Alerts) -> Listed[AlertOut]:
    """All of the client's, oldest first, each with its newest evaluation."""
    alert_page = alerts.page(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, alert_page.map(lambda pair: alert_out(*pair)))


@router.post(
    "/alerts",
    **operation(
        "alerts.create",
        scope=Scope.ALERTS_WRITE,
        limit=(300, HOUR, "user"),
        request_example=examples.CREATE,
        response_example=examples.CREATED,
        status=201,
        location="/alerts/{id}",
        errors=(401, 403, 404),
    ),
)
async def create_alert(body: AlertCreate, who: Member, response: Response, alerts: Alerts) -> Envelope[AlertOut]:
    """Watch a figure. It is evaluated as its `frequency` says (every 15 minutes if absent), from then on."""
    values = body.values()
    await check_url(values["actions"])
    alert = alerts.create(who, values)
    tag(response, alert.version)
    return created(alert_out(alert, None))


@router.post(
    "/alerts/preview",
    **operation(
        "alerts.preview",
        limit=(60, MINUTE, "user"),
        request_example=examples.PREVIEW,
        response_example=examples.PREVIEWED,
        **_READ,
    ),
)
async def preview_alert(body: PreviewIn, who: Member, alerts: Alerts, evaluating: Evaluating) -> Envelope[PreviewOut]:
    """When an alert would have begun to fire in the last days. Nothing is kept. It looks at 200 moments at most, at
    6 where it watches a question."""
    return ok(preview_out(evaluating.preview(alerts.draft(who, body.alert.values()), body.days)))


@router.get("/alerts/{alert_id}", **operation("alerts.get", response_example=examples.ALERT, **_READ))
async def get_alert(alert_id: str, who: Viewer, response: Response, alerts: Alerts) -> Envelope[AlertOut]:
    """One alert, with its newest evaluation. Its version is the ETag."""
    alert, state = alerts.get(who.client_id, alert_id)
    tag(response, alert.version, state.evaluated_at)
    return ok(alert_out(alert, state))


@router.update(
    "/alerts/{alert_id}",
    **operation(
        "alerts.update",
        scope=Scope.ALERTS_WRITE,
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_alert(
    alert_id: str, body: AlertUpdate, who: Member, expected: IfMatch, response: Response, alerts: Alerts
) -> Envelope[AlertOut]:
    """Change what is sent and keep the rest. A member changes alerts of their own, an editor all."""
    values = body.values()
    if "actions" in values:
        await check_url(values["actions"])
    alert = alerts.update(who, alert_id, values, expected)
    _, state = alerts.get(who.client_id, alert_id)
    tag(response, alert.version, state.evaluated_at)
    return ok(alert_out(alert, state))


@router.delete(
    "/alerts/{alert_id}",
    **operation("alerts.delete", scope=Scope.ALERTS_WRITE, response_example={}, errors=(401, 403, 404, 412)),
)
async def delete_alert(alert_id: str, who: Admin, expected: IfMatch, alerts: Alerts) -> Envelope[Empty]:
    """Nothing is watched any more; what it has open is dismissed, and its history stays. For admins."""
    alerts.delete(who, alert_id, expected)
    return ok(Empty())


@router.post(
    "/alerts/{alert_id}/trigger",
    **operation(
        "alerts.trigger",
        limit=(60, MINUTE, "user"),
        request_example=examples.TRIGGER,
        response_example=examples.TRIGGERED,
        **_WRITE,
    ),
)
async def trigger_alert(
    alert_id: str, who: Member, alerts: Alerts, evaluating: Evaluating, body: TriggerIn | None = None
) -> Envelope[TriggerOut]:
    """Evaluate it now, with all that follows. With `force` it fires whatever the value, and stays until someone
    resolves it."""
    alerts.get(who.client_id, alert_id)
    return ok(trigger_out(evaluating.trigger(who.client_id, alert_id, forced=bool(body and body.force))))
