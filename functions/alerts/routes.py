"""The endpoints of alerts, their instances and silences."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.alerts import examples
from functions.alerts.schemas import (
    AcknowledgeIn,
    AlertCreate,
    AlertOut,
    AlertUpdate,
    CommentIn,
    FeedbackIn,
    InstanceOut,
    PreviewIn,
    PreviewOut,
    SilenceCreate,
    SilenceOut,
    TriggerIn,
    TriggerOut,
    alert_out,
    instance_out,
    preview_out,
    silence_out,
    trigger_out,
)
from functions.alerts.slack import check_url
from functions.alerts.wiring import Alerts, Evaluating, Instances
from groundswell.alerts.instances import Status
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly, OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Member, Viewer
from groundswell.http.ratelimit import HOUR, MINUTE
from groundswell.http.timestamps import From, To
from groundswell.kernel.clock import utc_now
from groundswell.kernel.durations import parse_duration
from groundswell.kernel.ranges import span, zone
from groundswell.tenancy.clients.model import Scope

router = create_router("Alerts")
_READ: dict[str, Any] = {"scope": Scope.ALERTS_READ, "errors": (401, 403, 404)}
_WRITE: dict[str, Any] = {"scope": Scope.ALERTS_WRITE, "errors": (401, 403, 404)}
_CHANGE: dict[str, Any] = {"scope": Scope.ALERTS_WRITE, "errors": (401, 403, 404, 409)}


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


@router.get("/alerts/instances", **operation("alert_instances.list", response_example=[examples.INSTANCE], **_READ))
async def list_instances(
    who: Viewer,
    page: NewestOnly,
    instances: Instances,
    status: Annotated[tuple[Status, ...], Query(max_length=5, description="Any of these")] = (),
    alert_id: Annotated[str | None, Query(max_length=64)] = None,
    start: From = None,
    end: To = None,
) -> Listed[InstanceOut]:
    """Every time that an alert fired, by when it began, newest first. With a filter a page may be short."""
    when = span(start, end, zone(who.timezone), utc_now())
    instance_page = instances.page(who.client_id, status, alert_id, when, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, instance_page.map(instance_out))


@router.get(
    "/alerts/instances/{instance_id}",
    **operation("alert_instances.get", response_example=examples.INSTANCE, **_READ),
)
async def get_instance(instance_id: str, who: Viewer, instances: Instances) -> Envelope[InstanceOut]:
    """With its history, and who was told."""
    return ok(instance_out(instances.get(who.client_id, instance_id)))


@router.put(
    "/alerts/instances/{instance_id}/resolve",
    **operation(
        "alert_instances.resolve", request_example=examples.COMMENT, response_example=examples.RESOLVED, **_CHANGE
    ),
)
async def resolve_instance(
    instance_id: str, who: Member, instances: Instances, body: CommentIn | None = None
) -> Envelope[InstanceOut]:
    """It is mended; its task is completed with it. Once more changes nothing; 409 where it was dismissed."""
    comment = body.comment if body else None
    return ok(instance_out(instances.close(who.client_id, instance_id, Status.RESOLVED, who.actor_id, comment)))


@router.put(
    "/alerts/instances/{instance_id}/dismiss",
    **operation(
        "alert_instances.dismiss", request_example=examples.COMMENT, response_example=examples.DISMISSED, **_CHANGE
    ),
)
async def dismiss_instance(
    instance_id: str, who: Member, instances: Instances, body: CommentIn | None = None
) -> Envelope[InstanceOut]:
    """It is nothing; its task is cancelled with it. Once more changes nothing; 409 where it was resolved."""
    comment = body.comment if body else None
    return ok(instance_out(instances.close(who.client_id, instance_id, Status.DISMISSED, who.actor_id, comment)))


@router.put(
    "/alerts/instances/{instance_id}/acknowledge",
    **operation(
        "alert_instances.acknowledge",
        request_example=examples.ACKNOWLEDGE,
        response_example=examples.ACKNOWLEDGED,
        **_CHANGE,
    ),
)
async def acknowledge_instance(
    instance_id: str, who: Member, instances: Instances, body: AcknowledgeIn | None = None
) -> Envelope[InstanceOut]:
    """You look after it: nobody else is called. With `expires_in` only so long."""
    acknowledgement = body or AcknowledgeIn()
    lasts = parse_duration(acknowledgement.expires_in) if acknowledgement.expires_in else None
    return ok(
        instance_out(instances.acknowledge(who.client_id, instance_id, who.actor_id, acknowledgement.comment, lasts))
    )


@router.put(
    "/alerts/instances/{instance_id}/feedback",
    **operation(
        "alert_instances.feedback", request_example=examples.FEEDBACK, response_example=examples.JUDGED, **_WRITE
    ),
)
async def judge_instance(
    instance_id: str, body: FeedbackIn, who: Member, instances: Instances
) -> Envelope[InstanceOut]:
    """Whether it was worth having."""
    return ok(instance_out(instances.judge(who.client_id, instance_id, body.useful, body.comment)))


@router.get("/alerts/silences", **operation("silences.list", response_example=[examples.SILENCE], **_READ))
async def list_silences(who: Viewer, page: OldestFirst, alerts: Alerts) -> Listed[SilenceOut]:
    """All of the client's, oldest first: 200 at most."""
    return page.answer_whole(who.client_id, [silence_out(silence) for silence in alerts.silences(who.client_id)])


@router.post(
    "/alerts/silences",
    **operation(
        "silences.create",
        request_example=examples.SILENCE_CREATE,
        response_example=examples.SILENCE,
        status=201,
        location="/alerts/silences/{id}",
        **_WRITE,
    ),
)
async def create_silence(body: SilenceCreate, who: Member, alerts: Alerts) -> Envelope[SilenceOut]:
    """Tell nobody for a while of what matches. Instances are recorded; what still fires at its end is told then."""
    return created(silence_out(alerts.add_silence(who, body.values())))


@router.get("/alerts/silences/{silence_id}", **operation("silences.get", response_example=examples.SILENCE, **_READ))
async def get_silence(silence_id: str, who: Viewer, alerts: Alerts) -> Envelope[SilenceOut]:
    """One silence."""
    return ok(silence_out(alerts.silence(who.client_id, silence_id)))


@router.delete("/alerts/silences/{silence_id}", **operation("silences.delete", response_example={}, **_WRITE))
async def delete_silence(silence_id: str, who: Member, alerts: Alerts) -> Envelope[Empty]:
    """It ends at once."""
    alerts.remove_silence(who.client_id, silence_id)
    return ok(Empty())


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
