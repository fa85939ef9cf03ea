"""Pages over HTTP: who visits, what a form says, and refusals that are pages, too."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.responses import HTMLResponse, Response

from groundswell.http.headers import error_headers
from groundswell.http.late import LateRoute
from groundswell.http.operation import operation
from groundswell.http.router import Router
from groundswell.http.status import status_of
from groundswell.http.wording import wording
from groundswell.kernel.errors import (
    DomainError,
    FieldProblem,
    Invalid,
    TooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)
from groundswell.pages.languages import preferred
from groundswell.pages.model import Rendered, Visit
from groundswell.pages.pages import Pages

FORM = "application/x-www-form-urlencoded"
_LARGEST_FORM = 64 * 1024
_FIELDS_AT_MOST = 50


def create_page_router(pages: Pages) -> Router:
    """Where a feature declares its pages: `@router.get("/public/…", **page("name"))`. A refusal raised in one is
    answered as a page of the feature's."""
    route_class = type("PageRoute", (_PageRoute,), {"pages": pages})
    return Router(route_class=route_class, redirect_slashes=False)


def show(rendered: Rendered, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """The page as an answer. Not kept by anybody, unless `headers` say otherwise."""
    own = {
        "content-security-policy": rendered.policy,
        "content-language": rendered.language,
        "vary": "Accept-Language, Origin",
    }
    return HTMLResponse(rendered.html, status, {**own, **(headers or {})})


def wants_json(request: Request) -> bool:
    """A program asks, and no browser: it says so, or spells the path as the API's (`/api/v1/...`)."""
    accepted = request.headers.get("accept", "")
    if "text/html" in accepted:
        return False
    return "application/json" in accepted or bool(request.scope.get("root_path"))


def attempt(act: Callable[[], object]) -> Sequence[FieldProblem]:
    """What is wrong with the form that `act` works on: nothing, once it is done. Raises every other refusal.

    A wrong password or code is wrong with the form as a whole.
    """
    try:
        act()
    except (Invalid, Unauthenticated) as error:
        problems = error.problems if isinstance(error, Invalid) else ()
        return problems or (FieldProblem("form", error.code, error.text),)
    return ()


def visit_of(request: Request) -> Visit:
    """`?lang=` is the visitor's own choice and comes before what the browser asks for."""
    query = dict(request.query_params)
    languages = preferred(query.get("lang", "").replace(",", ""))
    return Visit((*languages, *preferred(request.headers.get("accept-language", ""))), request.url.path, query)


async def _visit(request: Request) -> Visit:
    return visit_of(request)


async def _form(request: Request) -> Mapping[str, str]:
    """Raises UnsupportedMediaType, TooLarge and Invalid for what is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise UnsupportedMediaType(f"Send a form, as {FORM}")
    body = await request.body()
    if len(body) > _LARGEST_FORM:
        raise TooLarge
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST, errors="strict")
    except ValueError as error:
        raise Invalid("The body is not a form") from error
    return dict(pairs)


def read_form[M: BaseModel](model: type[M], form: Mapping[str, str]) -> M:
    """The form in that shape; a field left blank is none. Raises Invalid that names every field that is wrong."""
    try:
        return model.model_validate({name: text for name, text in form.items() if text.strip()})
    except ValidationError as error:
        raise Invalid(problems=tuple(_problem(error) for error in error.errors())) from error


def _problem(error: ErrorDetails) -> FieldProblem:
    words = wording(error["type"], error["msg"], error.get("ctx"))
    return FieldProblem(str(error["loc"][0]) if error["loc"] else "form", error["type"], words)


Visitor = Annotated[Visit, Depends(_visit)]
Form = Annotated[Mapping[str, str], Depends(_form)]


class _PageRoute(LateRoute):
    pages: Pages

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except DomainError as error:
                if wants_json(request):
                    raise
                return self._refuse(request, error)
            except RequestValidationError:
                if wants_json(request):
                    raise
                return self._refuse(request, Invalid())

        return answer

    def _refuse(self, request: Request, error: DomainError) -> Response:
        status = status_of(error)
        return show(self.pages.refusal(visit_of(request), error, status), status, dict(error_headers(error, status)))


def page(name: str, **options: Any) -> dict[str, Any]:
    """Keyword arguments for the route of a page; `options` are those of `operation`. Pages are for people: the API's
    document leaves them out."""
    return operation(name, **options) | {"include_in_schema": False}
