"""Example bodies for the API's description."""

from typing import Any

_AT = "2026-11-30T12:00:00.000Z"
CREATE: dict[str, Any] = {
    "name": "Welcome",
    "subject": "Welcome, {{first_name | there}}",
    "html": '<p>Hi {{first_name | there}},</p><p><a href="https://shop.example/start">Start</a></p>',
    "text": "Hi {{first_name | there}}, start at https://shop.example/start",
    "locales": {"de": {"subject": "Willkommen, {{first_name | du}}", "html": "<p>Hallo {{first_name | du}}</p>"}},
    "sample": {"first_name": "Ada"},
}
HEAD: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4d01",
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00",
    "name": CREATE["name"],
    "subject": CREATE["subject"],
    "variables": ["first_name"],
    "languages": ["de"],
    "sample": {"first_name": "Ada"},
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
TEMPLATE: dict[str, Any] = HEAD | {
    "html": CREATE["html"],
    "mjml": None,
    "text": CREATE["text"],
    "locales": {"de": {**CREATE["locales"]["de"], "mjml": None, "text": ""}},
}
UPDATE = {"subject": "Good to see you, {{first_name | there}}"}
UPDATED = TEMPLATE | UPDATE | {"version": 2}
PREVIEW = {"data": {"first_name": "Grace"}}
PREVIEWED = {
    "subject": "Welcome, Grace",
    "html": '<p>Hi Grace,</p><p><a href="https://shop.example/start">Start</a></p>',
    "text": "Hi Grace, start at https://shop.example/start",
    "missing": [],
    "warnings": [],
}
