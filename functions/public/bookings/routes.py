"""The pages of bookings: free times are links, and what is chosen is booked by one click. No link changes anything."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import StringConstraints
from starlette.responses import Response

from functions.public.bookings.calendar import SHOWN, days, first_shown, pages
from functions.public.bookings.wiring import Addresses, Bookings
from functions.public.visits import TRAP, attribution_of, language, shown_time, theme_of, timezone_of
from groundswell.bookings.model import Booking, BookingType, SlotTaken, Status
from groundswell.bookings.places import Places
from groundswell.bookings.service import BookingService
from groundswell.bookings.texts import TEXTS
from groundswell.bookings.wanted import Wanted
from groundswell.http.email import Email
from groundswell.http.pages import Form, Visitor, attempt, create_page_router, page, read_form, show
from groundswell.http.ratelimit import HOUR
from groundswell.http.schema import In, Line
from groundswell.http.timestamps import Timestamp
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import FieldProblem, Invalid
from groundswell.kernel.network import near
from groundswell.pages.model import Rendered, Visit
from groundswell.pages.pages import Pages
from groundswell.visitors.model import Host
from groundswell.visitors.model import Visitor as Attendee

PAGES = Pages(Path(__file__).parent)
router = create_page_router(PAGES)


class BookingForm(In):
    email: Email
    name: Line
    notes: Annotated[str, StringConstraints(max_length=5000)] | None = None
    consent: Literal["yes"] | None = None
    at: Timestamp
    timezone: Line | None = None


class OwnForm(In):
    action: Literal["cancel", "move"]
    reason: Annotated[str, StringConstraints(max_length=1000)] | None = None
    at: Timestamp | None = None


@router.get("/b/{type_id}", **page("public.bookings.show", open_query=True))
async def show_type(type_id: str, visit: Visitor, bookings: Bookings) -> Response:
    """Free times; with `at`, the form for that one."""
    kind, host = bookings.kind(type_id)
    at = _at(visit)
    return show(_form(visit, kind, host, at) if at else _times(visit, bookings, kind, host))


@router.post("/b/{type_id}", **page("public.bookings.book", open_query=True, limit=(60, HOUR, "ip")))
async def book(
    type_id: str, visit: Visitor, form: Form, request: Request, bookings: Bookings, places: Addresses
) -> Response:
    """Book it. Where somebody was quicker, the times that are left."""
    kind, host = bookings.kind(type_id)
    if form.get(TRAP):
        return show(_thanks(visit, host))
    made: list[Booking] = []
    network = near(request.state.caller)

    def act() -> None:
        fields = read_form(BookingForm, {name: text for name, text in form.items() if name != TRAP})
        timezone = timezone_of(visit, form, kind.availability.timezone)
        who = Attendee(fields.email, fields.name, None, timezone, language(visit), attribution_of(visit))
        wanted = Wanted(fields.at, who, fields.consent == "yes", fields.notes, None, network)
        made.append(bookings.book(type_id, wanted)[0])

    problems = _tried(act)
    if any(problem.field in ("at", "starts_at") for problem in problems):
        return show(_times(visit, bookings, kind, host, problems), 409)
    if problems:
        return show(_form(visit, kind, host, _at(visit) or utc_now(), problems, form), 400)
    return show(_own(visit, made[0], host, places, linked=True))


@router.get("/b/m/{token}", **page("public.bookings.own", open_query=True))
async def show_own(token: str, visit: Visitor, bookings: Bookings, places: Addresses) -> Response:
    """One's own booking, and what can be done with it; with `move`, the times it can be moved to."""
    booking = bookings.own(token)
    host = bookings.host(booking)
    if "move" in visit.query and booking.status.holds_time and _at(visit) is None:
        kind, _ = bookings.kind(booking.type_id)
        return show(_times(visit, bookings, kind, host, moving=booking))
    return show(_own(visit, booking, host, places, moving_to=_at(visit) if booking.status.holds_time else None))


@router.post("/b/m/{token}", **page("public.bookings.own.change", open_query=True, limit=(60, HOUR, "ip")))
async def change_own(token: str, visit: Visitor, form: Form, bookings: Bookings, places: Addresses) -> Response:
    """Cancel it, or move it."""
    booking = bookings.own(token)
    host, changed = bookings.host(booking), [booking]

    def act() -> None:
        fields = read_form(OwnForm, form)
        if fields.action == "cancel":
            changed[0] = bookings.end(booking, Status.CANCELLED, fields.reason, by_attendee=True)
        elif fields.at is None:
            raise Invalid.on("at", "choose a time", "missing")
        else:
            changed[0] = bookings.move(booking, fields.at, fields.reason)

    problems = _tried(act)
    if problems:
        kind, _ = bookings.kind(booking.type_id)
        return show(_times(visit, bookings, kind, host, problems, moving=booking), 409)
    return show(_own(visit, changed[0], host, places))


def _tried(act: Callable[[], None]) -> Sequence[FieldProblem]:
    try:
        return attempt(act)
    except SlotTaken as error:
        return (FieldProblem("at", error.code, error.text),)


def _at(visit: Visit) -> datetime | None:
    try:
        at = datetime.fromisoformat(visit.query.get("at", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _times(
    visit: Visit,
    bookings: BookingService,
    kind: BookingType,
    host: Host,
    problems: Sequence[FieldProblem] = (),
    moving: Booking | None = None,
) -> Rendered:
    now = utc_now()
    first = first_shown(visit, now)
    timezone = timezone_of(visit, {}, moving.timezone if moving else kind.availability.timezone)
    free = bookings.slots(kind.id, first, first + SHOWN, moving.id if moving else None)
    return PAGES.render(
        visit,
        "times.html",
        theme=theme_of(host),
        problems=problems,
        kind={"name": kind.name, "description": kind.description or "", "minutes": kind.duration_minutes},
        days=days(free, timezone, visit),
        timezone=timezone,
        kept=[(name, value) for name, value in visit.query.items() if name not in ("at", "timezone", "from")],
        moving=bool(moving),
        weeks=pages(visit, first, now),
    )


def _form(
    visit: Visit,
    kind: BookingType,
    host: Host,
    at: datetime,
    problems: Sequence[FieldProblem] = (),
    form: Mapping[str, str] | None = None,
) -> Rendered:
    timezone = timezone_of(visit, form or {}, kind.availability.timezone)
    return PAGES.render(
        visit,
        "booking.html",
        theme=theme_of(host),
        problems=problems,
        kind={"name": kind.name, "minutes": kind.duration_minutes},
        when=shown_time(at, timezone, visit),
        at=at.isoformat(),
        timezone=timezone,
        consent=TEXTS.consent(kind.consent_text, host, language(visit)),
        said={name: (form or {}).get(name, "") for name in ("email", "name", "notes", "consent")},
    )


def _own(
    visit: Visit,
    booking: Booking,
    host: Host,
    places: Places,
    *,
    linked: bool = False,
    moving_to: datetime | None = None,
) -> Rendered:
    values: dict[str, Any] = {
        "name": booking.type_name,
        "state": booking.status.value,
        "reason": booking.reason or "",
        "location": booking.location or "" if booking.status is Status.CONFIRMED else "",
        "when": shown_time(booking.starts_at, booking.timezone, visit),
        "calendar": places.calendar(booking) if booking.status is Status.CONFIRMED else None,
        "manage": places.manage(booking) if linked else None,
        "again": places.page(booking.type_id) if not booking.status.holds_time else None,
        "can_change": booking.status.holds_time and not linked,
        "moving_to": shown_time(moving_to, booking.timezone, visit) if moving_to else None,
        "at": moving_to.isoformat() if moving_to else "",
    }
    return PAGES.render(visit, "own.html", theme=theme_of(host), **values)


def _thanks(visit: Visit, host: Host) -> Rendered:
    return PAGES.render(visit, "message.html", theme=theme_of(host), title="thanks.title", message="thanks.text")
