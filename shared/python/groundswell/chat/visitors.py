"""Visitors of a client's site: nobody knows them, and each talks in threads of their own by a token that names them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundswell.chat.model import VISITOR, Participant
from groundswell.kernel.errors import Gone, NotFound, Unauthenticated
from groundswell.links.service import LinkService

PURPOSE = "chat-visitor"
VALID_FOR = timedelta(days=180)


class VisitorToken(Unauthenticated):
    code = "INVALID_TOKEN"
    message = "The visitor's token is not valid: ask for another one"


@dataclass(frozen=True)
class Visitor:
    id: str
    client_id: str
    name: str | None
    token: str
    expires_at: datetime


class VisitorService:
    """`organization` is whose an active client is. Raises what it raises for another one."""

    def __init__(
        self,
        links: LinkService,
        organization: Callable[[str], str],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._links = links
        self._organization = organization
        self._now = now
        self._new_id = new_id

    def welcome(self, client_id: str, name: str | None) -> Visitor:
        """Somebody new. Raises ClientNotFound."""
        self._organization(client_id)
        visitor_id, until = VISITOR + self._new_id(), self._now() + VALID_FOR
        claims = {"id": visitor_id, **({"name": name} if name else {})}
        return Visitor(visitor_id, client_id, name, self._links.sign(client_id, PURPOSE, claims, until), until)

    def identify(self, token: str) -> Participant:
        """Raises VisitorToken."""
        try:
            link = self._links.open(PURPOSE, token)
            org_id = self._organization(link.client_id)
        except (NotFound, Gone) as error:
            raise VisitorToken from error
        name = link.claims.get("name")
        return Participant(link.client_id, org_id, str(link.claims["id"]), name=str(name) if name else None)
