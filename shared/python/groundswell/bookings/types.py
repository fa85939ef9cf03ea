"""What organizers do with booking types."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.bookings.calendars import HostBusy
from groundswell.bookings.model import (
    OFFICE_HOURS,
    Availability,
    BookingType,
    Filter,
    Order,
    Status,
    TypeInUse,
    TypeNotFound,
)
from groundswell.kernel.errors import FieldProblem, Invalid, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import CountedPage, Page, Position

type Values = Mapping[str, Any]


class TypeStore(Protocol):
    def find(self, type_id: str) -> BookingType | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[BookingType]: ...

    def save(self, kind: BookingType) -> BookingType:
        """Raises PreconditionFailed."""

    def remove(self, kind: BookingType, noted: Entry) -> None: ...


class Bookings(Protocol):
    def page(
        self, client_id: str, wanted: Filter, order: Order, limit: int, position: Position | None
    ) -> CountedPage[Any]: ...

    def busy(self, kind: BookingType) -> Sequence[HostBusy]: ...


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]:
        """Those of them who may work for the client now."""


class TypeService:
    def __init__(
        self,
        store: TypeStore,
        bookings: Bookings,
        team: Team,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._bookings = bookings
        self._team = team
        self._now = now
        self._new_id = new_id

    def page(self, acting: ClientContext, limit: int, position: Position | None) -> Page[BookingType]:
        """In the order of creation."""
        return self._store.page(acting.client_id, limit, position)

    def get(self, client_id: str, type_id: str) -> BookingType:
        """Raises TypeNotFound."""
        kind = self.find(type_id)
        if kind.client_id != client_id:
            raise TypeNotFound
        return kind

    def find(self, type_id: str) -> BookingType:
        """Whosever it is. Raises TypeNotFound."""
        kind = self._store.find(type_id) if can_be_id(type_id) else None
        if kind is None:
            raise TypeNotFound
        return kind

    def create(self, acting: ClientContext, values: Values) -> BookingType:
        """The caller is its host, in office hours, unless it says otherwise. Raises Invalid."""
        now = self._now()
        plain = {
            "hosts": (acting.actor_id,),
            "availability": Availability(acting.timezone, OFFICE_HOURS),
            **{name: value for name, value in values.items() if value is not None},
        }
        new = BookingType(self._new_id(), acting.client_id, acting.actor_id, now, now, **plain)
        self._need_team(acting, (), new)
        return self._store.save(new)

    def update(self, acting: ClientContext, type_id: str, changes: Values, expected: int | None) -> BookingType:
        """Raises TypeNotFound, PreconditionFailed, Invalid. Bookings that there are stay as they are."""
        kind = self.get(acting.client_id, type_id)
        require_version(expected, kind.version)
        after = replace(kind, **changes)
        self._need_team(acting, kind.hosts, after)
        return kind if after == kind else self._store.save(replace(after, updated_at=self._now()))

    def calendars(self, kind: BookingType) -> Sequence[HostBusy]:
        """What was read of them last, host by host."""
        return self._bookings.busy(kind) if kind.calendars else ()

    def delete(self, acting: ClientContext, type_id: str, expected: int | None) -> None:
        """Raises TypeNotFound, PreconditionFailed, TypeInUse."""
        kind = self.get(acting.client_id, type_id)
        require_version(expected, kind.version)
        standing = Filter((Status.PENDING, Status.CONFIRMED), type_ids=(kind.id,), starts_from=self._now())
        if self._bookings.page(acting.client_id, standing, Order("starts_at"), 1, None).page.items:
            raise TypeInUse(details={"where": [{"type": "bookings"}]})
        details = {"client_id": acting.client_id, "name": kind.name}
        self._store.remove(
            kind, Entry(acting.org_id, "booking_type.deleted", acting.actor_id, f"booking_type:{kind.id}", details)
        )

    def _need_team(self, acting: ClientContext, present: Sequence[str], kind: BookingType) -> None:
        """Whoever is added works for the client. Raises Invalid."""
        added = [host for host in kind.hosts if host not in present]
        known = self._team.working(acting.client_id, acting.org_id, added) if added else frozenset()
        problems = [
            FieldProblem(f"hosts.{number}", "not_a_member", "nobody of that id works for this client")
            for number, host in enumerate(kind.hosts)
            if host in added and host not in known
        ]
        problems += [
            FieldProblem(f"calendars.{host}", "not_a_host", "calendars are of the hosts that the type names")
            for host in kind.calendars
            if host not in kind.hosts
        ]
        if problems:
            raise Invalid(problems=tuple(problems))
