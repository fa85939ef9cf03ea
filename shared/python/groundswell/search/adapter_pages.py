"""Pages of the web: public addresses only, robots.txt obeyed (RFC 9309), everything bounded."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from groundswell.kernel.clock import utc_now
from groundswell.outbound.adapter import SafeClient, loopback_peers, own_places
from groundswell.outbound.adapter_limits import DynamoBuckets, DynamoCircuits
from groundswell.outbound.model import Answer, Bounds, CallFailed, TargetRefused
from groundswell.search.pages import Page, read_page, read_text
from groundswell.search.reading import Unread

if TYPE_CHECKING:
    from protego import Protego

AGENT = "GroundswellBot"
_PAGE = Bounds(seconds=10, connect_seconds=4, size=1_500_000)
_ROBOTS = Bounds(seconds=6, connect_seconds=4, size=500_000, redirects=5)
_HOPS = 4
_REMEMBERED = 2_000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)


@dataclass
class WebPages:
    """`robots` are the rules of origins, as this process has read them; None: closed, for they could not be read."""

    client: SafeClient
    agent: str
    robots: dict[str, "Protego | None"] = field(default_factory=dict)

    async def fetch(self, client_id: str, url: str) -> Page:
        """Raises Unread. Each hop of a redirect is checked as the first was."""
        at = url
        for _ in range(_HOPS + 1):
            await self._need_allowed(client_id, at)
            answer = await self._get(client_id, at, _PAGE)
            location = answer.headers.get("location")
            if not 300 <= answer.status < 400 or location is None:
                return _page(answer, at)
            following = urljoin(at, location)
            if at.startswith("https:") and not following.startswith("https:"):
                raise Unread("insecure_redirect")
            at = following
        raise Unread("redirects")

    async def _need_allowed(self, client_id: str, url: str) -> None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.robots:
            if len(self.robots) > _REMEMBERED:
                self.robots.clear()
            self.robots[origin] = await self._rules(client_id, origin)
        rules = self.robots[origin]
        if rules is None or not rules.can_fetch(url, AGENT):
            raise Unread("robots")

    async def _rules(self, client_id: str, origin: str) -> "Protego | None":
        """None of an origin that is broken or not reached: closed as a whole (RFC 9309 §2.3.1.4)."""
        from protego import Protego

        answer = await self._get(client_id, f"{origin}/robots.txt", _ROBOTS)
        if answer.status >= 500:
            return None
        return Protego.parse(answer.body.decode("utf-8", "replace") if answer.ok else "")

    async def _get(self, client_id: str, url: str, bounds: Bounds) -> Answer:
        headers = {"user-agent": self.agent, "accept": "text/html,application/xhtml+xml,text/plain;q=0.5"}
        try:
            return await self.client.send(client_id, "GET", url, headers=headers, bounds=bounds)
        except TargetRefused as error:
            raise Unread("address_refused") from error
        except CallFailed as error:
            raise Unread("unreachable") from error


@cache
def web_pages() -> WebPages:
    public = os.environ["PUBLIC_URL"]
    client = SafeClient(
        loopback_peers(),
        circuits=DynamoCircuits(utc_now),
        buckets=DynamoBuckets(utc_now),
        own=own_places(public),
    )
    return WebPages(client, f"{AGENT}/1.0" + (f" (+{public})" if public else ""))


def _page(answer: Answer, url: str) -> Page:
    if not answer.ok:
        raise Unread(f"http_{answer.status}")
    kind = answer.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    text = _text(answer.headers, answer.body)
    if kind in ("text/html", "application/xhtml+xml"):
        return read_page(url, text)
    if kind == "text/plain":
        return read_text(url, text)
    raise Unread("not_a_page")


def _text(headers: Mapping[str, str], body: bytes) -> str:
    named = _CHARSET.search(headers.get("content-type", "").encode()) or _CHARSET.search(body[:2048])
    try:
        return body.decode(named[1].decode() if named else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
