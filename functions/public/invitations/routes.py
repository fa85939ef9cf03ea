"""Accepting an invitation: with a new account, or signed in for this one moment as the one there is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from pydantic import Field, SecretStr, StringConstraints
from starlette.responses import Response

from functions.public.invitations.wiring import Acceptance, Previews, SignIn
from groundswell.http.device import device_of
from groundswell.http.pages import Form, Visitor, attempt, create_page_router, page, read_form, show
from groundswell.http.principal import access
from groundswell.http.ratelimit import HOUR
from groundswell.http.schema import In, PersonName
from groundswell.kernel.errors import FieldProblem
from groundswell.pages.model import Theme, Visit
from groundswell.pages.pages import Pages
from groundswell.tenancy.auth.factor import Codes
from groundswell.tenancy.invitations.preview import Preview

PAGES = Pages(Path(__file__).parent)
router = create_page_router(PAGES)
Token = Annotated[str, Query(min_length=1, max_length=400)]
Password = Annotated[SecretStr, Field(max_length=1024)]


class NewAccount(In):
    name: PersonName
    password: Password


class KnownAccount(In):
    """`code` is an app's six digits or a recovery code, where the account has a second factor."""

    password: Password
    code: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] | None = None

    @property
    def codes(self) -> Codes:
        if self.code is None:
            return Codes()
        return Codes(totp=self.code) if self.code.isdecimal() and len(self.code) == 6 else Codes(recovery=self.code)


@router.get("/public/accept-invitation", **page("public.accept_invitation.show"))
async def show_invitation(visit: Visitor, token: Token, previews: Previews) -> Response:
    """Who invites to what, and what is needed to accept."""
    return _show(visit, previews.show(token))


@router.post("/public/accept-invitation", **page("public.accept_invitation", limit=(20, HOUR, "ip")))
async def accept(
    visit: Visitor,
    token: Token,
    form: Form,
    request: Request,
    previews: Previews,
    acceptance: Acceptance,
    sign_in: SignIn,
) -> Response:
    """Accept it."""
    preview = previews.show(token)
    device = await device_of(request)

    def join() -> None:
        account = read_form(NewAccount, form)
        acceptance.accept(token, None, account.name, account.password.get_secret_value())

    def join_as_known() -> None:
        account = read_form(KnownAccount, form)
        _, pair = sign_in.login(preview.email, account.password.get_secret_value(), device, account.codes)
        caller = access().identify(pair.access_token)
        try:
            acceptance.accept(token, caller, None, None)
        finally:
            sign_in.logout(caller, everywhere=False)

    problems = attempt(join_as_known if preview.has_account else join)
    if problems:
        return _show(visit, preview, problems, name=form.get("name", ""))
    return show(
        PAGES.render(visit, "message.html", theme=_theme(preview), title="accepted.title", message="accepted.text")
    )


def _show(visit: Visit, preview: Preview, problems: Sequence[FieldProblem] = (), name: str = "") -> Response:
    rendered = PAGES.render(
        visit,
        "accept.html",
        theme=_theme(preview),
        problems=problems,
        email=preview.email,
        place=preview.place,
        inviter=preview.inviter,
        has_account=preview.has_account,
        name=name,
    )
    return show(rendered, 400 if problems else 200)


def _theme(preview: Preview) -> Theme:
    return Theme(preview.place, preview.logo)
