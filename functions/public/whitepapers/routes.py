"""The pages of whitepapers. A mailed link only shows a button: mail scanners open links, and prove no address."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from functions.public.visits import TRAP, attribution_of, language, theme_of
from functions.public.whitepapers.wiring import Deliveries
from groundswell.http.email import Email
from groundswell.http.pages import Form, Visitor, attempt, create_page_router, page, read_form, show
from groundswell.http.ratelimit import HOUR
from groundswell.http.schema import In, Line
from groundswell.kernel.errors import FieldProblem
from groundswell.kernel.network import near
from groundswell.pages.model import Rendered, Visit
from groundswell.pages.pages import Pages
from groundswell.visitors.model import Host
from groundswell.visitors.model import Visitor as Reader
from groundswell.whitepapers.delivery import Delivered
from groundswell.whitepapers.mails import TEXTS
from groundswell.whitepapers.model import Whitepaper

PAGES = Pages(Path(__file__).parent)
router = create_page_router(PAGES)
_FETCHED = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


class DownloadForm(In):
    email: Email | None = None
    name: Line | None = None
    company: Line | None = None
    consent: Literal["yes"] | None = None


@router.get("/d/{whitepaper_id}", **page("public.whitepapers.show", open_query=True))
async def show_whitepaper(whitepaper_id: str, visit: Visitor, deliveries: Deliveries) -> Response:
    """What it is, and the form to get it."""
    return show(_form_page(visit, *deliveries.show(whitepaper_id)))


@router.post("/d/{whitepaper_id}", **page("public.whitepapers.get", open_query=True, limit=(60, HOUR, "ip")))
async def get_whitepaper(
    whitepaper_id: str, visit: Visitor, form: Form, request: Request, deliveries: Deliveries
) -> Response:
    """The link, or word that it was mailed."""
    paper, host = deliveries.show(whitepaper_id)
    if form.get(TRAP):
        return show(_file_page(visit, paper, host, None))
    made: list[Delivered] = []
    network = near(request.state.caller)

    def act() -> None:
        fields = read_form(DownloadForm, {name: text for name, text in form.items() if name != TRAP})
        reader = None
        if fields.email:
            reader = Reader(fields.email, fields.name, fields.company, None, language(visit), attribution_of(visit))
        made.append(deliveries.deliver(whitepaper_id, reader, consent=fields.consent == "yes", network=network))

    problems = attempt(act)
    if problems:
        return show(_form_page(visit, paper, host, problems, form), 400)
    return show(_file_page(visit, paper, host, made[0].url, made[0].sent_to))


@router.get("/d/f/{token}", **page("public.whitepapers.file", open_query=True))
async def fetch_file(token: str, deliveries: Deliveries) -> Response:
    """To the file, for a quarter of an hour after it was asked for."""
    return RedirectResponse(deliveries.fetch(token, by_mail=False), 302, _FETCHED)


@router.get("/d/e/{token}", **page("public.whitepapers.mailed", open_query=True))
async def show_mailed(token: str, visit: Visitor, deliveries: Deliveries) -> Response:
    """Asks for one click."""
    paper, host = deliveries.mailed(token)
    return show(PAGES.render(visit, "mailed.html", theme=theme_of(host), title=paper.title))


@router.post("/d/e/{token}", **page("public.whitepapers.mailed.fetch", open_query=True, limit=(60, HOUR, "ip")))
async def fetch_mailed(token: str, visit: Visitor, deliveries: Deliveries) -> Response:
    """The file, and the address is proven."""
    paper, host = deliveries.mailed(token)
    url = deliveries.fetch(token, by_mail=True)
    return show(_file_page(visit, paper, host, url), headers=_FETCHED)


def _form_page(
    visit: Visit,
    paper: Whitepaper,
    host: Host,
    problems: Sequence[FieldProblem] = (),
    form: Mapping[str, str] | None = None,
) -> Rendered:
    required = [field.value for field in paper.required_fields]
    return PAGES.render(
        visit,
        "whitepaper.html",
        theme=theme_of(host),
        problems=problems,
        paper={"title": paper.title, "description": paper.description or "", "gated": paper.gated},
        asked=required,
        consent=TEXTS.consent(paper.consent_text, host, language(visit)),
        said={name: (form or {}).get(name, "") for name in ("email", "name", "company", "consent")},
    )


def _file_page(visit: Visit, paper: Whitepaper, host: Host, url: str | None, sent_to: str | None = None) -> Rendered:
    theme = theme_of(host)
    return PAGES.render(visit, "file.html", theme=theme, title=paper.title, url=url, sent_to=sent_to or "")
