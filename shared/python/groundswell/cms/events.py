"""What a client's webhooks hear of its pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundswell.cms.model import Page
from groundswell.kernel.message import Message
from groundswell.webhooks.events import event_message

PUBLISHED, UNPUBLISHED = "page.published", "page.unpublished"
_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c42",
    "slug": "pricing",
    "title": {"en": "Pricing", "de": "Preise"},
    "revision": 3,
}
EVENTS: Mapping[str, Mapping[str, Any]] = {PUBLISHED: {"page": _EXAMPLE}, UNPUBLISHED: {"page": _EXAMPLE}}


def turned(before: Page | None, after: Page, at: datetime) -> list[Message]:
    """That what the public sees of it changed."""
    was = before.live_revision if before else None
    if was == after.live_revision:
        return []
    kind = PUBLISHED if after.is_published else UNPUBLISHED
    slug = after.live_slug or (before.live_slug if before else None) or after.slug
    revision = after.live_revision or was
    payload = {"id": after.id, "slug": slug, "title": dict(after.title), "revision": revision}
    event_id = f"{kind.replace('.', '-')}:{after.id}:{after.version + 1}"
    return [event_message(after.client_id, kind, {"page": payload}, id=event_id, at=at)]
