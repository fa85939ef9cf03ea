"""The one error body (RFC 9457, with the members that our documented clients read). Standard library only."""

import re
from collections.abc import Sequence
from typing import Any

from groundswell.kernel.errors import FieldProblem

MEDIA_TYPE = "application/problem+json"
_TYPES = "https://groundswell.dev/errors/"
LISTED = 100
"""Of what is wrong with a request: a body may have a mistake a byte, and Lambda's answer has 6 MB at most."""
_LONGEST_FIELD, _LONGEST_TEXT = 200, 1_000
_TITLES = {"VALIDATION_ERROR": "Validation failed"}
_ACRONYMS = {"api": "API", "id": "id", "ip": "IP", "json": "JSON", "linkedin": "LinkedIn", "totp": "TOTP", "url": "URL"}


def title_of(code: str) -> str:
    """One title for one code (RFC 9457 §3.1.3): `CLIENT_NOT_FOUND` is "Client not found"."""
    words = " ".join(_ACRONYMS.get(word, word) for word in code.lower().split("_"))
    return _TITLES.get(code) or words[:1].upper() + words[1:]


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
    """The body for one refusal. `instance` is the path asked for; `code` is SCREAMING_SNAKE_CASE and decides the title.

    What is particular to this request stands in `detail` and `message`. Of many problems the first are listed.
    """
    problems = [_short(problem) for problem in problems[:LISTED]]
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
        "title": title_of(code),
        "status": status,
        "detail": f"{first.field}: {first.message}" if first else message,
        "instance": instance,
        "status_code": status,
        "message": message,
        "success": False,
        "error": error,
    }


def _short(field_problem: FieldProblem) -> FieldProblem:
    """A field's name may be the caller's own, of any length."""
    return FieldProblem(
        _cut(field_problem.field, _LONGEST_FIELD), field_problem.code, _cut(field_problem.message, _LONGEST_TEXT)
    )


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
