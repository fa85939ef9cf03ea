"""A route that carries out its plan: FastAPI's request handler without what this API never asks of it."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import serialize_response
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from groundswell.http.late import LateRoute
from groundswell.http.plan import Plan

type Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class PlannedRoute(LateRoute):
    """What needs more than a plan (a body, a response class of its own, overrides in a test) is FastAPI's to answer."""

    _straight: Handle | None
    """Without the exit stacks and error handlers that FastAPI puts around a route: no plan has anything to close."""

    def get_route_handler(self) -> Handle:
        plan = Plan.of(self.dependant) if isinstance(self.response_class, DefaultPlaceholder) else None
        self._straight = self.around(self._by(plan)) if plan else None
        return self.around(super().get_route_handler())

    def around(self, handle: Handle) -> Handle:
        """What a kind of route adds to its handler."""
        return handle

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        overridden = self.dependency_overrides_provider and self.dependency_overrides_provider.dependency_overrides
        if self._straight is None or overridden or scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        response = await self._straight(Request(scope, receive, send))
        await response(scope, receive, send)

    def _by(self, plan: Plan) -> Handle:
        async def handle(request: Request) -> Response:
            values, said = await plan.solve(request)
            answer = await self.endpoint(**values)
            return answer if isinstance(answer, Response) else await self._response(answer, said)

        return handle

    async def _response(self, answer: Any, said: Response | None) -> Response:
        """`said` is what dependencies and endpoint wanted to say besides."""
        status = (said and said.status_code) or self.status_code or 200
        field = self.response_field
        content = await serialize_response(field=field, response_content=answer, dump_json=field is not None)
        response = JSONResponse(content, status) if field is None else _json(content, status)
        if said is not None:
            response.raw_headers.extend(said.raw_headers)
        return response


def _json(content: bytes, status: int) -> Response:
    return Response(content, status, media_type="application/json")
