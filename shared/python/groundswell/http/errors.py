"""Every way a request can be refused, turned into the one problem body."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from groundswell.http.headers import error_headers
from groundswell.http.idempotency import Answer
from groundswell.http.problem import LISTED, MEDIA_TYPE, problem
from groundswell.http.status import status_of
from groundswell.http.wording import wording
from groundswell.kernel.errors import DomainError, FieldProblem, Invalid, Outage, Unavailable
from groundswell.observability.log import log
from groundswell.storage.outage import is_outage

_TITLES = {
    400: (Invalid.code, "The body cannot be read"),
    404: ("NOT_FOUND", "Not found"),
    405: ("METHOD_NOT_ALLOWED", "This path does not answer that method"),
    500: ("INTERNAL_ERROR", "Something went wrong on our side: tell us the request id"),
}


class Replayed(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def install(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, _domain)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Replayed, _replayed)
    app.add_exception_handler(Exception, _crash)


def problem_response(
    request: Request,
    status: int,
    code: str,
    message: str,
    *,
    problems: Sequence[FieldProblem] = (),
    details: dict[str, Any] | None = None,
) -> Response:
    request.state.code = code
    body = problem(
        status,
        code,
        message,
        instance=_path(request),
        request_id=request.state.request_id,
        problems=problems,
        details=details,
    )
    return Response(json.dumps(body), status, media_type=MEDIA_TYPE)


def _path(request: Request) -> str:
    """As the request line said it. `request.url` is put together with the Host header, which is anybody's claim."""
    return quote(request.scope["path"], safe="/:@!$&'()*+,;=~")


async def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 - registered for this type
    status = status_of(error)
    problems = error.problems if isinstance(error, Invalid) else ()
    response = problem_response(request, status, error.code, error.text, problems=problems, details=error.details)
    response.headers.update(dict(error_headers(error, status)))
    return response


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
    # Once each: FastAPI says twice what is wrong with a dependency that two ask for.
    problems = list(dict.fromkeys(_field_problem(error) for error in error.errors()[:LISTED]))
    return problem_response(request, 400, Invalid.code, Invalid.message, problems=problems)


def _field_problem(error: dict[str, Any]) -> FieldProblem:
    location = [str(part) for part in error["loc"]]
    if error["type"] == "json_invalid":
        return FieldProblem("body", "json", f"not JSON at position {location[-1]}: something else belongs there")
    name = ".".join(location[1:]) or location[0]
    return FieldProblem(name, error["type"], wording(error["type"], error["msg"], error.get("ctx")))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
    code, message = _TITLES.get(error.status_code, ("HTTP_ERROR", str(error.detail)))
    response = problem_response(request, error.status_code, code, message)
    if error.status_code == 405:
        response.headers["allow"] = ", ".join(sorted(_methods_of(request)))
    return response


def _methods_of(request: Request) -> set[str]:
    """RFC 9110 §15.5.6: all methods of the path, not only those of the first route that has it."""
    routes = request.app.router.routes
    methods = {
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    }
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())


async def _replayed(_: Request, error: Exception) -> Response:
    assert isinstance(error, Replayed)  # noqa: S101 - registered for this type
    headers = {**error.answer.headers, "idempotency-replayed": "true"}
    return Response(error.answer.body, error.answer.status, headers)


async def _crash(request: Request, error: Exception) -> Response:
    log.error("unhandled error", exc_info=error, extra={"request_id": request.state.request_id})
    if is_outage(error):
        return await _domain(request, Unavailable(Outage("storage")))
    return problem_response(request, 500, *_TITLES[500])
