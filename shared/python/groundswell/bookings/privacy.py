"""Bookings as personal data: a person is whoever booked with their e-mail."""

from collections.abc import Collection, Iterator

from groundswell.bookings.agenda import Agenda
from groundswell.bookings.items import (
    LISTING,
    BookingItem,
    BookingTypeItem,
    agenda_pk,
    booked_pk,
    booked_prefix,
    booking_pk,
    busy_pk,
    entry,
    type_pk,
)
from groundswell.bookings.model import Booking
from groundswell.bookings.store import DynamoBookingStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.page import Position
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import ClientData, DisclosedRecords
from groundswell.storage.core import CoreItem
from groundswell.storage.deletion import delete_items, delete_partition
from groundswell.storage.mapper import from_item


class Bookings:
    kind = file = "bookings"
    prefixes = (booking_pk(""), type_pk(""))
    forgets = tells = (IdKind.EMAIL,)
    places = (
        f"core {LISTING.name}#{{client}}",
        f"core {agenda_pk('{client}', '')}",
        f"core {booked_pk('{client}')}",
        f"core {busy_pk('{client}')}",
    )

    def __init__(self, store: DynamoBookingStore) -> None:
        self._store = store

    def purge(self, client_id: str) -> Iterator[int]:
        """The bookings go last, since they lead to the agendas and rows that they are in."""
        listed = f"CLIENT#{client_id}"
        kinds = BookingTypeItem.by_gsi1.query(listed, BookingTypeItem.gsi1sk.startswith(type_pk("")))
        hosts = {host for kind in kinds for host in kind.hosts}
        for item in BookingItem.by_gsi1.query(listed, BookingItem.gsi1sk.startswith(booking_pk(""))):
            booking = from_item(Booking, item)
            hosts |= set(booking.hosts)
            rows = LISTING.keys(client_id, entry(booking))
            delete_items("core", rows)
            yield len(rows)
        for host in sorted(hosts):
            yield from delete_partition("core", agenda_pk(client_id, host))
        for partition in (booked_pk(client_id), busy_pk(client_id), f"{LISTING.name}#{client_id}"):
            yield from delete_partition("core", partition)
        yield from Listed("", *self.prefixes).purge(client_id)

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """With the time that they took."""
        for booking in self._bookings(client_id, persons):
            days = self._store.days(client_id, booking.hosts, booking.days)
            self._store.remove(booking, Agenda(days, utc_now()).without(booking.id))

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:  # noqa: ARG002
        return DisclosedRecords([{"booking": vars(booking)} for booking in self._bookings(client_id, persons)])

    def _bookings(self, client_id: str, persons: Collection[Identifier]) -> list[Booking]:
        bookings: dict[str, Booking] = {}
        for person in persons:
            keys = CoreItem.sk.startswith(booked_prefix(person.value))
            for row in CoreItem.query(booked_pk(client_id), keys, consistent_read=True):
                booking = self._store.find(row.sk.rpartition("#")[2])
                if booking is not None:
                    bookings[booking.id] = booking
        return list(bookings.values())


def personal_data() -> tuple[ClientData, ...]:
    return (Bookings(DynamoBookingStore()),)
