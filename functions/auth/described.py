"""Descriptions of answers that are not in the envelope."""

from typing import Any

from functions.auth.examples import SIGNED_IN


def gives_tokens(described: dict[str, Any]) -> dict[str, Any]:
    """For `**gives_tokens(operation(...))`: the tokens stand at the top."""
    described["openapi_extra"]["responses"] = {"200": {"content": {"application/json": {"example": SIGNED_IN}}}}
    return described


def goes_to(described: dict[str, Any], where: str, example: str) -> dict[str, Any]:
    """The operation answers 302, at least sometimes."""
    location = {"schema": {"type": "string", "format": "uri"}, "example": example}
    responses = described["openapi_extra"].setdefault("responses", {})
    responses["302"] = {"description": where, "headers": {"Location": location}}
    return described
