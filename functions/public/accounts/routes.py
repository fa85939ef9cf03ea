"""The pages of accounts. A mailed link only shows a form: mail scanners open links, and must not use them up."""

from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from pydantic import Field, SecretStr
from starlette.responses import Response

from functions.public.accounts.wiring import Accounts, KnownDevices, NewPasswords
from groundswell.http.device import device_of, remember_device
from groundswell.http.pages import Form, Visitor, attempt, create_page_router, page, read_form, show
from groundswell.http.ratelimit import HOUR
from groundswell.http.schema import In
from groundswell.pages.pages import Pages

PAGES = Pages(Path(__file__).parent)
router = create_page_router(PAGES)
Token = Annotated[str, Query(min_length=1, max_length=4096)]


class NewPassword(In):
    new_password: Annotated[SecretStr, Field(max_length=1024)]


@router.get("/public/verify-email", **page("public.verify_email.show"))
async def show_verification(visit: Visitor, token: Token) -> Response:  # noqa: ARG001 - refused without one
    """Asks for one click."""
    return show(PAGES.render(visit, "verify.html"))


@router.post("/public/verify-email", **page("public.verify_email", limit=(20, HOUR, "ip")))
async def verify(visit: Visitor, token: Token, accounts: Accounts) -> Response:
    """Confirm the address."""
    accounts.verify(token)
    return show(PAGES.render(visit, "message.html", title="verified.title", message="verified.text"))


@router.get("/public/reset-password", **page("public.reset_password.show"))
async def show_reset(visit: Visitor, token: Token) -> Response:  # noqa: ARG001 - refused without one
    """Asks for the new password."""
    return show(PAGES.render(visit, "reset.html"))


@router.post("/public/reset-password", **page("public.reset_password", limit=(20, HOUR, "ip")))
async def reset(
    visit: Visitor, token: Token, form: Form, request: Request, passwords: NewPasswords, known: KnownDevices
) -> Response:
    """Set the password. This browser is known from now on: strangers' failures do not make it wait."""
    device = await device_of(request)
    device_tokens: list[str] = []

    def choose() -> None:
        chosen = read_form(NewPassword, form).new_password.get_secret_value()
        device_tokens.append(known.know(device.token, passwords.reset(token, chosen)))

    problems = attempt(choose)
    if problems:
        return show(PAGES.render(visit, "reset.html", problems=problems), 400)
    response = show(PAGES.render(visit, "message.html", title="reset_done.title", message="reset_done.text"))
    remember_device(response, device_tokens[0])
    return response
