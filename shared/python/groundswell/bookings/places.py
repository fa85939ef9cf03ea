"""Where people book, and what is theirs of it."""

from typing import Protocol

from groundswell.bookings.model import Booking
from groundswell.links.model import Claims, Link

PURPOSE = "booking"


class Links(Protocol):
    def sign(self, client_id: str, purpose: str, claims: Claims) -> str: ...

    def open(self, purpose: str, token: str) -> Link:
        """Raises NotFound for what was not signed for this purpose."""
        ...


class Places:
    """Addresses that begin with `public_url`. A token shows that a booking is one's own."""

    def __init__(self, links: Links, public_url: str) -> None:
        self._links = links
        self._public_url = public_url.rstrip("/")

    def token(self, booking: Booking) -> str:
        return self._links.sign(booking.client_id, PURPOSE, {"booking": booking.id})

    def open(self, token: str) -> str:
        """The booking's id. Raises NotFound."""
        return str(self._links.open(PURPOSE, token).claims["booking"])

    def page(self, type_id: str) -> str:
        return f"{self._public_url}/b/{type_id}"

    def manage(self, booking: Booking) -> str:
        return f"{self._public_url}/b/m/{self.token(booking)}"

    def calendar(self, booking: Booking, *, own: bool = True) -> str:
        place = f"{self._public_url}/api/v1/business/bookings/{booking.id}/calendar.ics"
        return f"{place}?token={self.token(booking)}" if own else place
