"""Example bodies for the API's description."""

from typing import Any

_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c41"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ANNOUNCE: dict[str, Any] = {
    "filename": "factory.jpg",
    "size": 8388608,
    "content_type": "image/jpeg",
    "sha256": _SHA256,
    "alt": {"en": "Our factory", "de": "Unsere Fabrik"},
}
MEDIA: dict[str, Any] = {
    "id": _ID,
    "url": "https://api.groundswell.dev/public/media/eyJ2IjoxfQ/factory.jpg",
    "filename": "factory.jpg",
    "mime": "image/jpeg",
    "size": 8388608,
    "sha256": _SHA256,
    "width": 4000,
    "height": 3000,
    "seconds": None,
    "alt": ANNOUNCE["alt"],
    "status": "ready",
    "used_by": [{"type": "page", "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c42"}],
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-22T09:00:00.000Z",
    "updated_at": "2026-11-22T09:00:00.000Z",
    "version": 2,
}
PENDING: dict[str, Any] = MEDIA | {
    "url": None,
    "width": None,
    "height": None,
    "status": "pending",
    "used_by": [],
    "version": 1,
}
ANNOUNCED: dict[str, Any] = {
    "upload": {
        "url": "https://bucket.s3.us-east-1.amazonaws.com/",
        "fields": {"key": f"0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00/{_ID}", "Content-Type": "image/jpeg", "policy": "…"},
        "expires_at": "2026-11-22T10:00:00.000Z",
    },
    "asset": PENDING,
}
UPDATE: dict[str, Any] = {"alt": {"en": "Our factory in winter"}}
UPDATED: dict[str, Any] = MEDIA | {"alt": UPDATE["alt"], "version": 3}
FORM: dict[str, Any] = {"file": "(the bytes)", "alt": "Our factory"}
FORM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "contentMediaType": "application/octet-stream",
            "description": "At most 4 MB",
        },
        "alt": {
            "type": "string",
            "maxLength": 10_000,
            "description": 'English text, or JSON by language: `{"en": "…", "de": "…"}`',
        },
        "client_id": {
            "type": "string",
            "maxLength": 64,
            "description": "Not read here: name the client in the query or a header",
        },
    },
}
