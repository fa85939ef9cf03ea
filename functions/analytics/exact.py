"""Answers whose numbers keep their digits: decimals and stored JSON go out as they are, never through a float."""

from typing import Any

import msgspec
from fastapi import Response

encoder = msgspec.json.Encoder(decimal_format="number")


class ExactResponse(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return encoder.encode(content)
