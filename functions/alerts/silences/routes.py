"""The endpoints of silences."""

from typing import Any

from functions.alerts.silences import examples
from functions.alerts.silences.schemas import SilenceCreate, SilenceOut, silence_out
from functions.alerts.wiring import Alerts
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.principal import Member, Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Alerts")
_READ: dict[str, Any] = {"scope": Scope.ALERTS_READ, "errors": (401, 403, 404)}
_WRITE: dict[str, Any] = {"scope": Scope.ALERTS_WRITE, "errors": (401, 403, 404)}


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
