"""The endpoints of registrations for a webinar."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from functions.webinars import examples
from functions.webinars.schemas import (
    AttendanceIn,
    AttendanceOut,
    PlaceOut,
    RegisterIn,
    RegistrationOut,
    RegistrationUpdate,
    registration_out,
)
from functions.webinars.wiring import Addresses, Attendances, Registrations, Webinars
from groundswell.calendar.writer import content_type
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst
from groundswell.http.principal import Editor, MaybeEditor, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.kernel.errors import Unauthenticated
from groundswell.kernel.network import near
from groundswell.tenancy.clients.model import Scope
from groundswell.visitors.model import Visitor
from groundswell.webinars.places import Places
from groundswell.webinars.registering import Place
from groundswell.webinars.registration import RegistrationNotFound

router = create_router("Webinars")
_READS: dict[str, Any] = {"scope": Scope.WEBINARS_READ, "errors": (401, 403, 404)}
_AT = "/business/webinars/{webinar_id}"
Token = Annotated[str | None, Query(min_length=1, max_length=2000, description="Of a registrant's own links")]


_REGISTERS = operation(
    "webinars.register",
    request_example=examples.REGISTER,
    response_example=examples.PLACE,
    status=201,
    limit=(300, HOUR, "ip"),
    errors=(404, 409),
)
_REGISTERS["responses"][200] = {"model": Envelope[PlaceOut], "description": "Registered before: the same place"}
_REGISTERS["openapi_extra"]["responses"]["200"] = {
    "content": {"application/json": {"example": {"status_code": 200, "message": "Success", "data": examples.PLACE}}}
}
_SHOWS_CALENDAR = operation("webinars.calendar", errors=(404,))
_SHOWS_CALENDAR["responses"][200] = {
    "content": {"text/calendar": {"schema": {"type": "string"}, "example": examples.CALENDAR}}
}


@router.post(f"{_AT}/register", **_REGISTERS)
async def register(
    webinar_id: str,
    body: RegisterIn,
    request: Request,
    response: Response,
    registrations: Registrations,
    places: Addresses,
) -> Envelope[PlaceOut]:
    """Register for a webinar, without signing in. Whoever is registered has the same place (200), and gets the mail
    again; where all seats are taken, it is a place on the waitlist."""
    fields = body.model_dump(include={"email", "name", "company", "timezone", "locale", "attribution"})
    locale = fields.pop("locale") or request.headers.get("accept-language", "")[:35].partition(",")[0] or None
    network = near(request.state.caller)
    place = registrations.register(webinar_id, Visitor(locale=locale, **fields), consent=body.consent, network=network)
    if place.is_new:
        return created(_place_out(place, places))
    response.status_code = 200
    return ok(_place_out(place, places))


@router.get(
    f"{_AT}/registrations",
    **operation("webinars.registrations", response_example=[examples.REGISTRATION], **_READS),
)
async def list_registrations(
    webinar_id: str, who: Viewer, paging: NewestFirst, webinars: Webinars
) -> Listed[RegistrationOut]:
    """Who registered, newest first."""
    page = webinars.registrations(who, webinar_id, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(registration_out))


@router.get(
    f"{_AT}/registrations/{{registration_id}}",
    **operation("webinars.registrations.get", response_example=examples.REGISTRATION, **_READS),
)
async def get_registration(
    webinar_id: str, registration_id: str, who: Viewer, webinars: Webinars
) -> Envelope[RegistrationOut]:
    """One registration."""
    return ok(registration_out(webinars.registration(who.client_id, webinar_id, registration_id)[1]))


@router.update(
    f"{_AT}/registrations/{{registration_id}}",
    **operation(
        "webinars.registrations.update",
        scope=Scope.WEBINARS_WRITE,
        request_example=examples.CANCEL,
        response_example=examples.CANCELLED,
        errors=(401, 403, 404, 409, 410),
    ),
)
async def update_registration(
    webinar_id: str,
    registration_id: str,
    body: RegistrationUpdate,
    who: MaybeEditor,
    webinars: Webinars,
    registrations: Registrations,
    token: Token = None,
) -> Envelope[RegistrationOut]:
    """Cancel it, or take the seat that was offered: as an editor, or with the registrant's own `token`."""
    if token is not None:
        own = registrations.own(token)
        if (own.webinar.id, own.registration.id) != (webinar_id, registration_id):
            raise RegistrationNotFound
    elif who is None:
        raise Unauthenticated
    else:
        webinars.registration(who.client_id, webinar_id, registration_id)
    turn = registrations.cancel if body.status == "cancelled" else registrations.accept
    return ok(registration_out(turn(webinar_id, registration_id).registration))


@router.get(f"{_AT}/calendar.ics", response_class=Response, **_SHOWS_CALENDAR)
async def get_calendar(webinar_id: str, registrations: Registrations, token: Token = None) -> Response:
    """The webinar as a calendar entry (iCalendar, RFC 5545). With a registrant's `token` it is their own, with their
    link to join."""
    text, method = registrations.calendar(webinar_id, token)
    headers = {"content-disposition": 'attachment; filename="webinar.ics"', "cache-control": "private, no-cache"}
    return Response(text, media_type=content_type(method), headers=headers)


@router.post(
    f"{_AT}/attendance",
    **operation(
        "webinars.attendance",
        scope=Scope.WEBINARS_WRITE,
        request_example=examples.ATTENDANCE,
        response_example=examples.ATTENDED,
        errors=(401, 403, 404),
    ),
)
async def record_attendance(
    webinar_id: str, body: AttendanceIn, who: Editor, webinars: Webinars, attendances: Attendances
) -> Envelope[AttendanceOut]:
    """Note who was there. Whoever opens their own link to join is noted by that."""
    recorded = attendances.record(webinars.get(who.client_id, webinar_id), body.everybody())
    registrations = [registration_out(registration) for registration in recorded.registrations]
    return ok(AttendanceOut(recorded=len(registrations), unknown=list(recorded.unknown), registrations=registrations))


def _place_out(place: Place, places: Places) -> PlaceOut:
    registration = place.registration
    own = registration if place.is_new else None
    fields = {
        **vars(registration),
        "calendar_url": places.calendar(place.webinar, own),
        "manage_url": places.manage(own) if own else None,
    }
    return PlaceOut.model_validate(fields)
