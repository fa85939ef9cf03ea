"""The one error body (RFC 9457, with the members that our documented clients read). Standard library only."""

import re
from collections.abc import Sequence
from typing import Any

from groundswell.kernel.errors import FieldProblem

MEDIA_TYPE = "application/problem+json"
_TYPES = "https://groundswell.dev/errors/"


def problem(
    status: int,
    code: str,
    message: str,
    *,
    instance: str,
    request_id: str,
    problems: Sequence[FieldProblem] = (),
    details: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The body for one refusal. `instance` is the path asked for; `code` is SCREAMING_SNAKE_CASE."""
    first = problems[0] if problems else None
    error: dict[str, Any] = {"code": code, "message": message, "details": dict(details or {}), "requestId": request_id}
    if first:
        error["field"] = first.field
    if problems:
        error["details"]["errors"] = [
            {"field": item.field, "code": item.code, "message": item.message} for item in problems
        ]
    return {
        "type": _TYPES + re.sub(r"_error$", "", code.lower()).replace("_", "-"),
        "title": message,
        "status": status,
        "detail": f"{first.field}: {first.message}" if first else message,
        "instance": instance,
        "status_code": status,
        "message": message,
        "success": False,
        "error": error,
    }
