"""The links of messages. What opens a link changes nothing that the person did not want: leaving is a `POST`."""

from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import Path as InPath
from fastapi import Request
from starlette.responses import RedirectResponse, Response

from functions.public.campaigns.wiring import (
    ClientThemes,
    FeedbackService,
    Memberships,
    OptedOut,
    Recipients,
    SignedLinks,
)
from groundswell.audience.model import Channel, MemberStatus, Reason
from groundswell.campaigns.composing import CLICK, OPEN, PREFERENCES, UNSUBSCRIBE
from groundswell.campaigns.feedback import Feedback
from groundswell.campaigns.ledger import WAY_OUT, WISHES, is_of_test
from groundswell.campaigns.machines import is_machine
from groundswell.http.pages import Form, Visitor, create_page_router, page, show
from groundswell.http.ratelimit import HOUR
from groundswell.kernel.errors import DomainError
from groundswell.kernel.network import near
from groundswell.leads.model import Lead
from groundswell.links.model import Link
from groundswell.pages.model import Visit
from groundswell.pages.pages import Pages

PAGES = Pages(Path(__file__).parent)
router = create_page_router(PAGES)
Token = Annotated[str, InPath(min_length=1, max_length=4096)]
_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_UNKEPT = {"cache-control": "no-store, private, max-age=0"}
_MANY = (600, HOUR, "ip")


@router.get("/t/o/{token}", **page("public.campaigns.opened"))
async def opened(token: Token, request: Request, links: SignedLinks, feedback: FeedbackService) -> Response:
    """A picture that nobody sees. It is the same whatever the token: a mail shows no broken picture."""
    try:
        link = links.open(OPEN, token.removesuffix(".gif"))
        feedback.opened(link.client_id, str(link.claims["d"]), machine=is_machine(_method(request), request.headers))
    except DomainError:
        pass
    return Response(_PIXEL, media_type="image/gif", headers=_UNKEPT)


@router.get("/t/c/{token}", **page("public.campaigns.clicked"))
async def clicked(token: Token, request: Request, links: SignedLinks, feedback: FeedbackService) -> Response:
    """Leads on to where we signed that it leads, and nowhere else."""
    link = links.open(CLICK, token)
    machine = is_machine(_method(request), request.headers)
    feedback.clicked(link.client_id, str(link.claims["d"]), int(link.claims["n"]), machine=machine)
    return RedirectResponse(str(link.claims["u"]), 302, headers=_UNKEPT)


@router.get("/u/{token}", **page("public.campaigns.unsubscribe.show"))
async def show_unsubscribe(
    token: Token,
    visit: Visitor,
    request: Request,
    links: SignedLinks,
    themes: ClientThemes,
    leads: Recipients,
    feedback: FeedbackService,
) -> Response:
    """Asks for one click: scanners follow links, and must unsubscribe nobody."""
    link = links.open(UNSUBSCRIBE, token)
    visit = _in_language_of(visit, _lead_of(link, leads))
    _looked(request, link, feedback, WAY_OUT)
    return show(PAGES.render(visit, "unsubscribe.html", theme=themes.of(link.client_id)))


@router.post("/u/{token}", **page("public.campaigns.unsubscribe", limit=_MANY))
async def unsubscribe(
    token: Token, visit: Visitor, links: SignedLinks, themes: ClientThemes, leads: Recipients, feedback: FeedbackService
) -> Response:
    """At once, without a question more: also what mail programs post (RFC 8058)."""
    link = links.open(UNSUBSCRIBE, token)
    visit = _in_language_of(visit, _lead_of(link, leads))
    feedback.unsubscribed(link.client_id, str(link.claims["d"]), str(link.claims["l"]))
    theme = themes.of(link.client_id)
    return show(PAGES.render(visit, "message.html", theme=theme, title="left.title", message="left.text"))


@router.get("/p/{token}", **page("public.campaigns.preferences.show"))
async def show_preferences(
    token: Token,
    visit: Visitor,
    request: Request,
    links: SignedLinks,
    themes: ClientThemes,
    members: Memberships,
    leads: Recipients,
    opted_out: OptedOut,
    feedback: FeedbackService,
) -> Response:
    """The lists that somebody is on, and whether they get anything at all."""
    link = links.open(PREFERENCES, token)
    visit = _in_language_of(visit, _lead_of(link, leads))
    _looked(request, link, feedback, WISHES)
    lists = _lists(members, link)
    gone = _is_out(link, leads, opted_out)
    return show(
        PAGES.render(visit, "preferences.html", theme=themes.of(link.client_id), lists=lists, out=gone, saved=False)
    )


@router.post("/p/{token}", **page("public.campaigns.preferences", limit=_MANY))
async def save_preferences(
    token: Token,
    form: Form,
    visit: Visitor,
    links: SignedLinks,
    themes: ClientThemes,
    members: Memberships,
    leads: Recipients,
    opted_out: OptedOut,
    feedback: FeedbackService,
) -> Response:
    """Leave the lists that are not ticked, or everything; or hear again."""
    link = links.open(PREFERENCES, token)
    visit = _in_language_of(visit, _lead_of(link, leads))
    if is_of_test(str(link.claims["d"])):
        pass  # it is somebody else's page
    elif form.get("all") == "out":
        feedback.unsubscribed(link.client_id, str(link.claims["d"]), str(link.claims["l"]))
    else:
        _leave(members, link, form)
        if email := _email(link, leads):
            opted_out.lift(link.client_id, Channel.EMAIL, email)
    gone = _is_out(link, leads, opted_out)
    lists = _lists(members, link)
    return show(
        PAGES.render(visit, "preferences.html", theme=themes.of(link.client_id), lists=lists, out=gone, saved=True)
    )


@router.get("/c/{token}", **page("public.campaigns.confirm.show"))
async def show_confirmation(
    token: Token, visit: Visitor, members: Memberships, leads: Recipients, themes: ClientThemes
) -> Response:
    """Asks for one click."""
    mailing_list, member = members.invited(token)
    visit = _in_language_of(visit, _lead(mailing_list.client_id, member.lead_id, leads))
    theme = themes.of(mailing_list.client_id)
    return show(PAGES.render(visit, "confirm.html", theme=theme, list=mailing_list.name))


@router.post("/c/{token}", **page("public.campaigns.confirm", limit=_MANY))
async def confirm(
    token: Token, visit: Visitor, request: Request, members: Memberships, leads: Recipients, themes: ClientThemes
) -> Response:
    """They want it, and the address is theirs: the ledger of consents has when, where from, and to what."""
    mailing_list, member = members.confirm(token, near(request.state.caller))
    visit = _in_language_of(visit, _lead(mailing_list.client_id, member.lead_id, leads))
    theme = themes.of(mailing_list.client_id)
    return show(PAGES.render(visit, "message.html", theme=theme, title="confirmed.title", message="confirmed.text"))


def _looked(request: Request, link: Link, feedback: Feedback, number: int) -> None:
    """Counted nowhere, but whoever follows this and others within seconds is no reader."""
    machine = is_machine(_method(request), request.headers)
    feedback.clicked(link.client_id, str(link.claims["d"]), number, machine=machine)


def _method(request: Request) -> str:
    """As it was asked: the edge has a HEAD answered like a GET."""
    event = request.scope.get("aws.event", {})
    return str(event.get("requestContext", {}).get("http", {}).get("method", request.method))


def _lists(members: Memberships, link: Link) -> list[dict[str, object]]:
    memberships = members.of_lead(link.client_id, str(link.claims["l"]))
    known = (membership for membership in memberships if membership[1].status is not MemberStatus.UNSUBSCRIBED)
    return [{"id": mailing_list.id, "name": mailing_list.name} for mailing_list, _ in known]


def _leave(members: Memberships, link: Link, form: Form) -> None:
    lead_id = str(link.claims["l"])
    for mailing_list, member in members.of_lead(link.client_id, lead_id):
        if member.status is not MemberStatus.UNSUBSCRIBED and f"list-{mailing_list.id}" not in form:
            members.unsubscribe(link.client_id, mailing_list.id, lead_id)


def _in_language_of(visit: Visit, lead: Lead | None) -> Visit:
    """The recipient's language, unless they chose one on the page; then their browser's."""
    if lead is None or not lead.locale or "lang" in visit.query:
        return visit
    return replace(visit, languages=(lead.locale, *visit.languages))


def _lead(client_id: str, lead_id: str, leads: Recipients) -> Lead | None:
    return next(iter(leads.find_many(client_id, [lead_id])), None)


def _lead_of(link: Link, leads: Recipients) -> Lead | None:
    return _lead(link.client_id, str(link.claims["l"]), leads)


def _email(link: Link, leads: Recipients) -> str | None:
    lead = _lead_of(link, leads)
    return lead.email if lead else None


def _is_out(link: Link, leads: Recipients, opted_out: OptedOut) -> bool:
    email = _email(link, leads)
    opt_out = opted_out.find(link.client_id, Channel.EMAIL, email) if email else None
    return opt_out is not None and opt_out.reason in (Reason.UNSUBSCRIBED, Reason.MANUAL, Reason.COMPLAINT)
