"""The endpoints of schedules, and their runs."""

from typing import Any

from fastapi import Response

from functions.reports import examples
from functions.reports.schedules.schemas import ScheduleCreate, ScheduleOut, ScheduleUpdate, schedule_out
from functions.reports.schemas import RunOut
from functions.reports.wiring import Sending
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst, OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.tenancy.clients.model import Scope

router = create_router("Reports")
_READ: dict[str, Any] = {"scope": Scope.REPORTS_READ, "errors": (401, 403, 404)}
_WRITE: dict[str, Any] = {"scope": Scope.REPORTS_WRITE, "errors": (401, 403, 404)}


@router.get("/reports/schedules", **operation("report_schedules.list", response_example=[examples.SCHEDULE], **_READ))
async def list_schedules(who: Viewer, page: OldestFirst, sending: Sending) -> Listed[ScheduleOut]:
    """All of the client's, oldest first."""
    return page.answer_whole(who.client_id, [schedule_out(schedule) for schedule in sending.list(who.client_id)])


@router.post(
    "/reports/schedules",
    **operation(
        "report_schedules.create",
        limit=(100, HOUR, "user"),
        request_example=examples.SCHEDULE_CREATE,
        response_example=examples.SCHEDULE,
        status=201,
        location="/reports/schedules/{id}",
        **_WRITE,
    ),
)
async def create_schedule(
    body: ScheduleCreate, who: Editor, response: Response, sending: Sending
) -> Envelope[ScheduleOut]:
    """Mail a report at certain times, to the minute: its figures, and a link to the file, good for 14 days."""
    schedule = sending.create(who, body.values())
    tag(response, schedule.version)
    return created(schedule_out(schedule))


@router.get(
    "/reports/schedules/{schedule_id}",
    **operation("report_schedules.get", response_example=examples.SCHEDULE, **_READ),
)
async def get_schedule(schedule_id: str, who: Viewer, response: Response, sending: Sending) -> Envelope[ScheduleOut]:
    """One schedule."""
    schedule = sending.get(who.client_id, schedule_id)
    tag(response, schedule.version)
    return ok(schedule_out(schedule))


@router.update(
    "/reports/schedules/{schedule_id}",
    **operation(
        "report_schedules.update",
        scope=Scope.REPORTS_WRITE,
        request_example=examples.SCHEDULE_UPDATE,
        response_example=examples.SCHEDULE_UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_schedule(
    schedule_id: str, body: ScheduleUpdate, who: Editor, expected: IfMatch, response: Response, sending: Sending
) -> Envelope[ScheduleOut]:
    """Change what is sent and keep the rest."""
    schedule = sending.update(who, schedule_id, body.values(), expected)
    tag(response, schedule.version)
    return ok(schedule_out(schedule))


@router.delete(
    "/reports/schedules/{schedule_id}",
    **operation("report_schedules.delete", response_example={}, **_WRITE),
)
async def delete_schedule(schedule_id: str, who: Editor, sending: Sending) -> Envelope[Empty]:
    """Nothing is sent any more."""
    sending.delete(who, schedule_id)
    return ok(Empty())


@router.get(
    "/reports/schedules/{schedule_id}/runs",
    **operation("report_schedules.runs", response_example=[examples.RUN], **_READ),
)
async def list_runs(schedule_id: str, who: Viewer, page: NewestFirst, sending: Sending) -> Listed[RunOut]:
    """What became of each due time, newest first: kept for 400 days."""
    runs = sending.runs(who.client_id, schedule_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, runs.map(RunOut.model_validate))


@router.post(
    "/reports/schedules/{schedule_id}/pause",
    **operation("report_schedules.pause", response_example=examples.PAUSED, **_WRITE),
)
async def pause_schedule(schedule_id: str, who: Editor, sending: Sending) -> Envelope[ScheduleOut]:
    """Nothing is sent until it is resumed; what falls in between is not made up for."""
    return ok(schedule_out(sending.update(who, schedule_id, {"paused": True})))


@router.post(
    "/reports/schedules/{schedule_id}/resume",
    **operation("report_schedules.resume", response_example=examples.SCHEDULE, **_WRITE),
)
async def resume_schedule(schedule_id: str, who: Editor, sending: Sending) -> Envelope[ScheduleOut]:
    """From its next due time on."""
    return ok(schedule_out(sending.update(who, schedule_id, {"paused": False})))


@router.post(
    "/reports/schedules/{schedule_id}/run",
    **operation("report_schedules.run", limit=(20, HOUR, "user"), response_example=examples.RUN_NOW, **_WRITE),
)
async def run_schedule(schedule_id: str, who: Editor, sending: Sending) -> Envelope[RunOut]:
    """Send it now as well, paused or not."""
    return ok(RunOut.model_validate(sending.run_now(who, schedule_id)))
