"""Example bodies for the API's description."""

from typing import Any

_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c42"
_ME = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_OTHER = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c19"
_AT = "2026-11-22T09:00:00.000Z"
CREATE: dict[str, Any] = {
    "slug": "pricing",
    "title": {"en": "Pricing", "de": "Preise"},
    "content": {"en": "<p>Fair from the first day.</p>", "de": "<p>Fair vom ersten Tag an.</p>"},
    "meta_description": {"en": "What it costs"},
    "seo_title": {"en": "Pricing and plans"},
    "seo_keywords": {"en": "pricing, plans"},
}
SUMMARY: dict[str, Any] = {
    "id": _ID,
    "slug": "pricing",
    "title": CREATE["title"],
    "status": "draft",
    "is_published": False,
    "has_unpublished_changes": False,
    "published_at": None,
    "publish_at": None,
    "unpublish_at": None,
    "live_slug": None,
    "revision": 1,
    "live_revision": None,
    "media_ids": [],
    "created_by": _ME,
    "created_at": _AT,
    "updated_by": _ME,
    "updated_at": _AT,
    "deleted_at": None,
    "version": 1,
}
PAGE: dict[str, Any] = SUMMARY | {
    "content": CREATE["content"],
    "meta_description": CREATE["meta_description"],
    "seo_title": CREATE["seo_title"],
    "seo_keywords": CREATE["seo_keywords"],
    "missing_translations": {"de": ["meta_description", "seo_title", "seo_keywords"]},
    "approval": None,
    "decisions": [],
}
APPROVE: dict[str, Any] = {"comment": "Clear and correct", "revision": 1}
REFUSE: dict[str, Any] = {"reason": "The second price is last year's", "revision": 1}


def _decided(decision: str, reason: str, status: str, missing: int) -> dict[str, Any]:
    stage = {"name": "", "required": 1, "approvers": []}
    at = {"stage": None, "missing": missing, "status": status}
    made = {"id": _ID, "by": _OTHER, "name": None, "at": _AT, "decision": decision, "version": 1, "stage": 0}
    approval = {"required": 1, "approvers": [], "stages": [stage], **at}
    return PAGE | {"approval": approval, "decisions": [{**made, "reason": reason}], "version": 2}


APPROVED = _decided("approve", APPROVE["comment"], "approved", 0)
REJECTED = _decided("reject", REFUSE["reason"], "rejected", 0)
CHANGES_REQUESTED = _decided("request_changes", REFUSE["reason"], "changes_requested", 0)
UPDATE: dict[str, Any] = {"title": {"de": "Preise und Pläne"}}
UPDATED: dict[str, Any] = PAGE | {
    "title": CREATE["title"] | UPDATE["title"],
    "revision": 2,
    "version": 2,
}
PUBLISHED: dict[str, Any] = PAGE | {
    "status": "published",
    "is_published": True,
    "published_at": _AT,
    "live_slug": "pricing",
    "live_revision": 1,
    "version": 2,
}
RESTORE: dict[str, Any] = {"revision": 1}
PREVIEW: dict[str, Any] = {"expires_at": None}
PREVIEW_LINK: dict[str, Any] = {
    "url": "https://api.groundswell.dev/public/pages/preview/eyJ2IjoxfQ",
    "expires_at": "2027-11-29T09:00:00.000Z",
}
REVISION: dict[str, Any] = {
    "number": 1,
    "at": _AT,
    "by": _ME,
    "slug": "pricing",
    "title": CREATE["title"],
    "page_version": 1,
}
DIFF: dict[str, Any] = {
    "from": 1,
    "to": 2,
    "changes": [{"field": "title.de", "from": "Preise", "to": "Preise und Pläne", "diff": None}],
}
