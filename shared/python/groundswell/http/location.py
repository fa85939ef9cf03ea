"""Where what an operation made is found: `Location` (RFC 9110 §10.2.2), in the canonical spelling."""

import json
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from groundswell.http.base_path import CANONICAL

type Handle = Callable[[Request], Coroutine[Any, Any, Response]]
_MAKES = (201, 202)
_NAME, _AN_ID = re.compile(r"{\w+}"), "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12"


def located(handle: Handle, place: str) -> Handle:
    """`place` is a path, `/clients/{id}`, whose names the answer's data says, or else the request's path. What the
    route says itself stays."""

    async def locate(request: Request) -> Response:
        response = await handle(request)
        if response.status_code in _MAKES and "location" not in response.headers:
            data = json.loads(bytes(response.body))["data"]
            response.headers["location"] = filled(place, {**request.path_params, **data})
        return response

    return locate


def described(place: str) -> dict[str, Any]:
    """The header in the API's description."""
    schema = {"type": "string", "format": "uri-reference"}
    example = _NAME.sub(_AN_ID, CANONICAL + place)
    return {"Location": {"description": "Where it is found", "schema": schema, "example": example}}


def filled(place: str, names: Mapping[str, Any]) -> str:
    """The address of that place."""
    return CANONICAL + place.format_map({name: quote(str(value), safe="") for name, value in names.items()})
