"""Times at which a page becomes public, or stops being so."""

from datetime import datetime

from groundswell.cms.model import Page
from groundswell.schedules.timers import Timer

PUBLISH, UNPUBLISH = "page.publish", "page.unpublish"
KINDS = (PUBLISH, UNPUBLISH)
QUEUE = "content"


def due_times(page: Page | None) -> dict[str, datetime | None]:
    """By kind."""
    if page is None or page.deleted_at is not None:
        return dict.fromkeys(KINDS)
    return {PUBLISH: page.publish_at, UNPUBLISH: page.unpublish_at}


def timer(page: Page, kind: str, due: datetime) -> Timer:
    return Timer(page.client_id, kind, page.id, due, QUEUE)
