"""Example bodies for the API's description."""

from typing import Any

CREATE: dict[str, Any] = {
    "title": "Growth in numbers",
    "description": "Forty pages, ten figures",
    "gated": True,
    "delivery": "link",
    "required_fields": ["company"],
}
_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c81"
WHITEPAPER: dict[str, Any] = {
    "id": _ID,
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    **CREATE,
    "media_id": None,
    "consent_text": None,
    "status": "draft",
    "file_version": 0,
    "requests": 0,
    "downloads": 0,
    "page_url": f"https://api.groundswell.example/d/{_ID}",
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-30T09:00:00.000Z",
    "updated_at": "2026-11-30T09:00:00.000Z",
    "version": 1,
}
UPDATE = {"delivery": "email"}
UPDATED = {**WHITEPAPER, **UPDATE, "version": 2}
DOWNLOAD: dict[str, Any] = {
    "email": "ada@lovelace.example",
    "name": "Ada Lovelace",
    "company": "Analytical Engines",
    "consent": True,
    "attribution": {"utm_campaign": "spring"},
}
DELIVERED = {
    "url": "https://api.groundswell.example/d/f/eyJ",
    "expires_at": "2026-11-30T09:15:00.000Z",
    "sent_to": None,
}
DOWNLOADED = {
    "id": "5d41402abc4b2a76b9719d911017c592",
    "whitepaper_id": _ID,
    "email": "ada@lovelace.example",
    "name": "Ada Lovelace",
    "company": "Analytical Engines",
    "consent": {
        "granted": True,
        "at": "2026-11-30T09:00:00.000Z",
        "text": "I agree that Acme uses my details to send me this and may contact me about it.",
        "text_version": "0f3a2b1c4d5e",
        "network": "203.0.113.0/24",
    },
    "attribution": {"utm_campaign": "spring"},
    "file_version": 1,
    "requests": 1,
    "downloads": 1,
    "downloaded_at": "2026-11-30T09:01:00.000Z",
    "verified_at": None,
    "lead_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c61",
    "created_at": "2026-11-30T09:00:00.000Z",
    "updated_at": "2026-11-30T09:01:00.000Z",
}
