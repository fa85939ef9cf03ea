"""Where people find a webinar, and what is theirs of it."""

from typing import Protocol

from groundswell.links.model import Claims, Link
from groundswell.webinars.model import Webinar
from groundswell.webinars.registration import Registration

PURPOSE = "webinar-registration"


class Links(Protocol):
    def sign(self, client_id: str, purpose: str, claims: Claims) -> str: ...

    def open(self, purpose: str, token: str) -> Link:
        """Raises NotFound for what was not signed for this purpose."""
        ...


class Places:
    """Addresses that begin with `public_url`. A token shows that a registration is one's own."""

    def __init__(self, links: Links, public_url: str) -> None:
        self._links = links
        self._public_url = public_url.rstrip("/")

    def token(self, registration: Registration) -> str:
        claims = {"webinar": registration.webinar_id, "registration": registration.id}
        return self._links.sign(registration.client_id, PURPOSE, claims)

    def open(self, token: str) -> tuple[str, str]:
        """The ids of webinar and registration. Raises NotFound."""
        claims = self._links.open(PURPOSE, token).claims
        return str(claims["webinar"]), str(claims["registration"])

    def page(self, webinar: Webinar) -> str:
        return f"{self._public_url}/w/{webinar.id}"

    def manage(self, registration: Registration) -> str:
        return f"{self._public_url}/w/m/{self.token(registration)}"

    def join(self, registration: Registration) -> str:
        return f"{self._public_url}/w/j/{self.token(registration)}"

    def calendar(self, webinar: Webinar, registration: Registration | None = None) -> str:
        place = f"{self._public_url}/api/v1/business/webinars/{webinar.id}/calendar.ics"
        return f"{place}?token={self.token(registration)}" if registration else place
