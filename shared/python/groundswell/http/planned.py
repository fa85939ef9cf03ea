"""A route that carries out its plan: FastAPI's request handler without what this API never asks of it."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import serialize_response
from starlette.responses import JSONResponse, Response

from groundswell.http.late import LateRoute
from groundswell.http.plan import Plan

type Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class PlannedRoute(LateRoute):
    """What needs more than a plan (a body, a response class of its own, overrides in a test) is FastAPI's to answer."""

    def get_route_handler(self) -> Handle:
        usual = super().get_route_handler()
        plan = Plan.of(self.dependant)
        if plan is None or not isinstance(self.response_class, DefaultPlaceholder):
            return usual
        overrides = self.dependency_overrides_provider

        async def handle(request: Request) -> Response:
            if overrides and overrides.dependency_overrides:
                return await usual(request)
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
