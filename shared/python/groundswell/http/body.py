"""The body, for what must look into it before the route's own schema does."""

from typing import Any

from fastapi import Request


def is_json(content_type: str) -> bool:
    """In whatever case and with whatever parameters: `application/json`, or a type that ends in `+json`. Whoever looks
    into a body must know it for JSON whenever the route does."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


async def json_body(request: Request) -> dict[str, Any]:
    """The body when it is a JSON object, else nothing; the route's own schema says what is wrong with it."""
    if not is_json(request.headers.get("content-type", "")):
        return {}
    try:
        body = await request.json()
    except (ValueError, RecursionError):  # the latter for a nesting of thousands
        return {}
    return body if isinstance(body, dict) else {}
