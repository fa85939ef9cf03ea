"""The endpoints of instances."""

from typing import Annotated, Any

from fastapi import Query

from functions.alerts.instances import examples
from functions.alerts.instances.schemas import AcknowledgeIn, CommentIn, FeedbackIn, InstanceOut, instance_out
from functions.alerts.wiring import Instances
from groundswell.alerts.instances import Status
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly
from groundswell.http.principal import Member, Viewer
from groundswell.http.timestamps import From, To
from groundswell.kernel.clock import utc_now
from groundswell.kernel.durations import parse_duration
from groundswell.kernel.ranges import span, zone
from groundswell.tenancy.clients.model import Scope

router = create_router("Alerts")
_READ: dict[str, Any] = {"scope": Scope.ALERTS_READ, "errors": (401, 403, 404)}
_WRITE: dict[str, Any] = {"scope": Scope.ALERTS_WRITE, "errors": (401, 403, 404)}
_CHANGE: dict[str, Any] = {"scope": Scope.ALERTS_WRITE, "errors": (401, 403, 404, 409)}


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
