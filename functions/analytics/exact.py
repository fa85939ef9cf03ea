"""Bodies and answers whose numbers keep their digits: no decimal goes through a float."""

import json
from decimal import Decimal
from typing import Any

import msgspec
from fastapi import Request, Response

from groundswell.analytics.engine.adapter_slow import watched
from groundswell.analytics.questions.values import number
from groundswell.http.location import Handle
from groundswell.http.route import Route

encoder = msgspec.json.Encoder(decimal_format="number")


class ExactResponse(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return encoder.encode(content)


class ExactRoute(Route):
    """Of questions and reads, each of which is told of when it takes long."""

    def get_route_handler(self) -> Handle:
        answer = super().get_route_handler()

        async def exactly(request: Request) -> Response:
            with watched(str(self.operation_id)):
                return await answer(_ExactRequest(request.scope, request.receive))

        return exactly


class _ExactRequest(Request):
    async def json(self) -> Any:
        return json.loads(await self.body(), parse_float=number)


def written(value: Any) -> str:
    """As JSON. Numbers may have any length: a uint256 has 78 digits, and the encoder takes whole numbers of 64 bits."""
    return encoder.encode(_decimal(value)).decode()


def read(text: str) -> Any:
    """What was written."""
    return json.loads(text, parse_float=number)


def _decimal(value: Any) -> Any:
    match value:
        case dict():
            return {name: _decimal(member) for name, member in value.items()}
        case list():
            return list(map(_decimal, value))
        case int() if not isinstance(value, bool):
            return Decimal(value)
        case _:
            return value
