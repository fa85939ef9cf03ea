"""Webinars as personal data: a person is whoever registered with their e-mail."""

from collections.abc import Collection, Iterator
from typing import Any

from groundswell.kernel.page import Position
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.deletion import delete_matching, delete_partition
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find_many
from groundswell.visitors.model import person_id
from groundswell.webinars.items import LISTING, RegistrationItem, WebinarItem, seats_pk, webinar_pk
from groundswell.webinars.model import Webinar
from groundswell.webinars.registration import Registration
from groundswell.webinars.store import DynamoWebinarStore

_VIEWS = ("all", "status=draft", "status=published", "status=live", "status=ended", "status=cancelled")


class Webinars:
    kind = file = "webinars"
    prefixes = (webinar_pk(""),)
    forgets = tells = (IdKind.EMAIL,)
    places = (f"core {LISTING.name}#{{client}}", f"core {seats_pk('{client}', '')}")

    def __init__(self, store: DynamoWebinarStore) -> None:
        self._store = store

    def purge(self, client_id: str) -> Iterator[int]:
        """The webinars go last, since they lead to what is below them."""
        for webinar in _webinars(client_id):
            yield from delete_partition("core", seats_pk(client_id, webinar.id))
        for view in _VIEWS:
            yield from delete_partition("core", f"{LISTING.name}#{client_id}#{view}")
        yield from delete_partition("core", f"{LISTING.name}#{client_id}")
        listed = {":pk": {"S": f"CLIENT#{client_id}"}, ":prefix": {"S": webinar_pk("")}}
        condition = {
            "IndexName": "gsi1",
            "KeyConditionExpression": "gsi1pk = :pk AND begins_with(gsi1sk, :prefix)",
            "ExpressionAttributeValues": listed,
        }
        yield from delete_matching("core", condition)

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """A registration that stands is given up first, so that its seat is free."""
        for webinar, registration in _registrations(client_id, persons):
            self._store.forget(webinar, registration)

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002
        registrations = _registrations(client_id, persons)
        return DisclosedRecords([_record(webinar, registration) for webinar, registration in registrations])


def _record(webinar: Webinar, registration: Registration) -> dict[str, Any]:
    return {"webinar": {"id": webinar.id, "title": webinar.title}, "registration": vars(registration)}


def _webinars(client_id: str) -> Iterator[Webinar]:
    items = WebinarItem.by_gsi1.query(f"CLIENT#{client_id}", WebinarItem.gsi1sk.startswith(webinar_pk("")))
    return (from_item(Webinar, item) for item in items)


def _registrations(client_id: str, persons: Collection[Identifier]) -> list[tuple[Webinar, Registration]]:
    emails = [person.value for person in persons]
    webinars = {webinar.id: webinar for webinar in _webinars(client_id)}
    keys = [
        (seats_pk(client_id, webinar), f"REG#{person_id(webinar, email)}") for webinar in webinars for email in emails
    ]
    registrations = find_many(Registration, RegistrationItem, keys, consistent=True)
    return [(webinars[registration.webinar_id], registration) for registration in registrations]


def personal_data() -> tuple[ClientData, ...]:
    return (Webinars(DynamoWebinarStore()),)
