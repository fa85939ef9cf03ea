"""The endpoints of sessions."""

from typing import Annotated

from functions.auth import examples
from functions.auth.sessions.schemas import SessionOut, session_out
from functions.auth.wiring import devices
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst
from groundswell.http.principal import User
from groundswell.http.provide import provide
from groundswell.tenancy.auth.devices import DeviceService

router = create_router("Auth")
Devices = Annotated[DeviceService, provide(devices)]


@router.get("/auth/sessions", **operation("sessions.list", response_example=[examples.SESSION], errors=(401,)))
async def list_sessions(who: User, paging: NewestFirst, devices: Devices) -> Listed[SessionOut]:
    """Where you are signed in, newest first. `current` is the session of this request."""
    return paging.answer_whole(who.user_id, [session_out(session, who.session_id) for session in devices.list(who)])


@router.delete("/auth/sessions/{session_id}", **operation("sessions.end", response_example={}, errors=(401, 404)))
async def end_session(session_id: str, who: User, devices: Devices) -> Envelope[Empty]:
    """End one of your sessions: its tokens stop working."""
    devices.end(who, session_id)
    return ok(Empty())
