"""Example bodies for the API's description."""

from typing import Any

OUTSIDE: dict[str, Any] = {
    "model": {
        "configured": True,
        "reachable": True,
        "last_call_at": "2026-11-22T09:00:00.000Z",
        "last_error": "HTTP 500",
        "last_error_at": "2026-11-21T17:12:04.310Z",
        "version_ends_at": None,
    },
    "search": {
        "configured": False,
        "reachable": None,
        "last_call_at": None,
        "last_error": None,
        "last_error_at": None,
        "version_ends_at": None,
    },
}
FEATURES = {"transactional_mail": "available", "model_answers": "available", "sign_in_with_google": "unavailable"}
