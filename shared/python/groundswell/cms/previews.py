"""Links that show a draft, as long as who made one may."""

from collections.abc import Callable
from datetime import datetime, timedelta

from groundswell.access.model import ClientContext
from groundswell.cms.model import Page
from groundswell.kernel.errors import Invalid
from groundswell.links.service import LinkService

PURPOSE = "page_preview"
USUALLY = timedelta(days=7)
LONGEST = timedelta(days=90)


class Previews:
    def __init__(self, links: LinkService, public_url: str, now: Callable[[], datetime]) -> None:
        self._links = links
        self._public_url = public_url
        self._now = now

    def link(self, who: ClientContext, page: Page, expires_at: datetime | None) -> tuple[str, datetime]:
        """(address, when it ends). Raises Invalid for a time that is over or more than 90 days away."""
        now = self._now()
        until = expires_at or now + USUALLY
        if not now < until <= now + LONGEST:
            raise Invalid.on("expires_at", f"between now and {LONGEST.days} days from now", "range")
        token = self._links.sign(page.client_id, PURPOSE, {"id": page.id, "by": who.actor_id}, until)
        return f"{self._public_url}/public/pages/preview/{token}", until
