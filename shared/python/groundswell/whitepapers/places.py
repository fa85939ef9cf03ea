"""Where people get a whitepaper."""

from datetime import datetime, timedelta
from typing import Protocol

from groundswell.links.model import Claims, Link
from groundswell.whitepapers.model import Whitepaper

AT_ONCE, BY_MAIL = "whitepaper-file", "whitepaper-mail"
KEPT = {AT_ONCE: timedelta(minutes=15), BY_MAIL: timedelta(days=1)}
"""How long a link is good for: what is handed out at once, and what waits in a mailbox."""


class Links(Protocol):
    def sign(self, client_id: str, purpose: str, claims: Claims, expires: datetime | None = None) -> str: ...

    def open(self, purpose: str, token: str) -> Link:
        """Raises NotFound for what was not signed for this purpose, LinkExpired after its time."""
        ...


class Places:
    def __init__(self, links: Links, public_url: str) -> None:
        self._links = links
        self._public_url = public_url.rstrip("/")

    def page(self, paper: Whitepaper) -> str:
        return f"{self._public_url}/d/{paper.id}"

    def file(self, paper: Whitepaper, download_id: str | None, purpose: str, now: datetime) -> tuple[str, datetime]:
        """(address, until when)."""
        expires = now + KEPT[purpose]
        claims = {"paper": paper.id, **({"download": download_id} if download_id else {})}
        token = self._links.sign(paper.client_id, purpose, claims, expires)
        return f"{self._public_url}/d/{'f' if purpose == AT_ONCE else 'e'}/{token}", expires

    def open(self, purpose: str, token: str) -> tuple[str, str | None]:
        """The ids of whitepaper and download. Raises NotFound, LinkExpired."""
        claims = self._links.open(purpose, token).claims
        download = claims.get("download")
        return str(claims["paper"]), str(download) if download else None
