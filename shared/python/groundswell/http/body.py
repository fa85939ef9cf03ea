"""The body, for what must look into it before the route's own schema does."""

from typing import Any

from fastapi import Request


async def json_body(request: Request) -> dict[str, Any]:
    """The body when it is a JSON object, else nothing; the route's own schema says what is wrong with it."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return {}
    try:
        body = await request.json()
    except (ValueError, RecursionError):  # the latter for a nesting of thousands
        return {}
    return body if isinstance(body, dict) else {}
