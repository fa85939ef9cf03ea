"""What bookings need of others: stores, the client, who works there."""

from collections.abc import Sequence
from typing import Protocol

from groundswell.bookings.agenda import HostDay
from groundswell.bookings.calendars import HostBusy
from groundswell.bookings.mails import Person
from groundswell.bookings.model import Booking, BookingType, Filter, Order
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Position
from groundswell.schedules.timers import Timer
from groundswell.visitors.model import Host


class Types(Protocol):
    def find(self, type_id: str) -> BookingType | None: ...


class BookingStore(Protocol):
    def find(self, booking_id: str) -> Booking | None: ...

    def page(
        self, client_id: str, wanted: Filter, order: Order, limit: int, position: Position | None
    ) -> CountedPage[Booking]: ...

    def days(self, client_id: str, hosts: Sequence[str], days: Sequence[str]) -> Sequence[HostDay]: ...

    def agenda(self, client_id: str, hosts: Sequence[str], first: str, last: str) -> Sequence[HostDay]: ...

    def busy(self, kind: BookingType) -> Sequence[HostBusy]: ...

    def sell(
        self,
        before: Booking | None,
        after: Booking | None,
        changed: Sequence[HostDay],
        unchanged: Sequence[HostDay],
        messages: Sequence[Message],
        *,
        timers: Sequence[Timer] = (),
        cancelled: Sequence[Timer] = (),
    ) -> Booking | None:
        """Raises PreconditionFailed where anybody else wrote first."""

    def remove(self, booking: Booking, changed: Sequence[HostDay]) -> None: ...


class Hosts(Protocol):
    def find(self, client_id: str) -> Host | None: ...


class People(Protocol):
    def people(self, user_ids: Sequence[str]) -> Sequence[Person]:
        """Those that there are, in that order."""
        ...
