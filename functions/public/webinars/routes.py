"""The pages of webinars. A link that is opened changes nothing, but the one to join, which says that one is there."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from functions.public.visits import TRAP, attribution_of, language, shown_time, theme_of, timezone_of
from functions.public.webinars.wiring import Addresses, Registrations
from groundswell.http.email import Email
from groundswell.http.pages import Form, Visitor, attempt, create_page_router, page, read_form, show
from groundswell.http.ratelimit import HOUR
from groundswell.http.schema import In, Line
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import FieldProblem
from groundswell.kernel.network import near
from groundswell.pages.model import Rendered, Visit
from groundswell.pages.pages import Pages
from groundswell.visitors.model import Host
from groundswell.visitors.model import Visitor as Registrant
from groundswell.webinars.model import Webinar
from groundswell.webinars.places import Places
from groundswell.webinars.registering import Place
from groundswell.webinars.registration import State
from groundswell.webinars.texts import TEXTS

PAGES = Pages(Path(__file__).parent)
router = create_page_router(PAGES)


class RegistrationForm(In):
    email: Email
    name: Line | None = None
    company: Line | None = None
    timezone: Line | None = None
    consent: Literal["yes"] | None = None


class OwnForm(In):
    action: Literal["cancel", "accept"]


@router.get("/w/{webinar_id}", **page("public.webinars.show", open_query=True))
async def show_webinar(webinar_id: str, visit: Visitor, registrations: Registrations) -> Response:
    """What it is, when, and the form to register."""
    webinar, host = registrations.show(webinar_id)
    return show(_form_page(visit, webinar, host))


@router.post("/w/{webinar_id}", **page("public.webinars.register", open_query=True, limit=(60, HOUR, "ip")))
async def register(
    webinar_id: str, visit: Visitor, form: Form, request: Request, registrations: Registrations, places: Addresses
) -> Response:
    """Register, and say how one stands."""
    webinar, host = registrations.show(webinar_id)
    if form.get(TRAP):
        return show(_thanks(visit, host))
    made: list[Place] = []
    network = near(request.state.caller)

    def act() -> None:
        wanted = read_form(RegistrationForm, {name: text for name, text in form.items() if name != TRAP})
        timezone = timezone_of(visit, form, webinar.timezone)
        who = Registrant(wanted.email, wanted.name, wanted.company, timezone, language(visit), attribution_of(visit))
        made.append(registrations.register(webinar_id, who, consent=wanted.consent == "yes", network=network))

    problems = attempt(act)
    if problems:
        return show(_form_page(visit, webinar, host, problems, form), 400)
    return show(_own_page(visit, made[0], places, linked=made[0].is_new))


@router.get("/w/m/{token}", **page("public.webinars.own", open_query=True))
async def show_own(token: str, visit: Visitor, registrations: Registrations, places: Addresses) -> Response:
    """One's own place, and what can be done with it."""
    return show(_own_page(visit, registrations.own(token), places, buttons=True))


@router.post("/w/m/{token}", **page("public.webinars.own.change", open_query=True, limit=(60, HOUR, "ip")))
async def change_own(
    token: str, visit: Visitor, form: Form, registrations: Registrations, places: Addresses
) -> Response:
    """Cancel, or take the seat that was offered."""
    own = registrations.own(token)
    turn = registrations.cancel if read_form(OwnForm, form).action == "cancel" else registrations.accept
    return show(_own_page(visit, turn(own.webinar.id, own.registration.id), places, buttons=True))


@router.get("/w/j/{token}", **page("public.webinars.join", open_query=True))
async def join(token: str, registrations: Registrations) -> Response:
    """To where it takes place. Whoever comes while it is on has attended."""
    return RedirectResponse(
        registrations.join(token), 302, {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    )


def _form_page(
    visit: Visit,
    webinar: Webinar,
    host: Host,
    problems: Sequence[FieldProblem] = (),
    form: Mapping[str, str] | None = None,
) -> Rendered:
    timezone = timezone_of(visit, form or {}, webinar.timezone)
    return PAGES.render(
        visit,
        "webinar.html",
        theme=theme_of(host),
        problems=problems,
        webinar={"title": webinar.title, "description": webinar.description or "", "minutes": webinar.duration_minutes},
        when=shown_time(webinar.starts_at, timezone, visit),
        is_open=webinar.is_open and utc_now() < webinar.closes_at,
        status=webinar.status.value,
        consent=TEXTS.consent(webinar.consent_text, host, language(visit)),
        timezone=timezone,
        said={name: (form or {}).get(name, "") for name in ("email", "name", "company", "consent")},
    )


def _own_page(visit: Visit, place: Place, places: Places, *, buttons: bool = False, linked: bool = True) -> Rendered:
    webinar, registration = place.webinar, place.registration
    confirmed = registration.status is State.CONFIRMED
    values: dict[str, Any] = {
        "webinar": {"title": webinar.title},
        "state": "called_off" if webinar.status == "cancelled" else registration.status.value,
        "when": shown_time(webinar.starts_at, registration.timezone or webinar.timezone, visit),
        "until": "",
        "join": places.join(registration) if linked and confirmed and webinar.join_url else None,
        "calendar": places.calendar(webinar, registration) if linked and confirmed else None,
        "manage": places.manage(registration) if linked and not buttons else None,
        "again": places.page(webinar) if not registration.stands and webinar.is_open else None,
        "can_cancel": buttons and registration.stands,
        "can_accept": buttons and registration.status is State.OFFERED,
    }
    if registration.offer_expires_at:
        values["until"] = shown_time(registration.offer_expires_at, registration.timezone or webinar.timezone, visit)
    return PAGES.render(visit, "registration.html", theme=theme_of(place.host), **values)


def _thanks(visit: Visit, host: Host) -> Rendered:
    return PAGES.render(visit, "message.html", theme=theme_of(host), title="thanks.title", message="thanks.text")
