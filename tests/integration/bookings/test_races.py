"""Many people at once want the same time, or the last seat: the real stores, on the emulator, in threads."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from groundswell.access.model import ClientContext, Role
from groundswell.bookings.mails import BookingMails
from groundswell.bookings.model import Assignment, Availability, BookingType, SlotTaken
from groundswell.bookings.places import Places as BookingPlaces
from groundswell.bookings.service import BookingService
from groundswell.bookings.store import DynamoBookingStore, DynamoTypeStore
from groundswell.bookings.wanted import Wanted
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.visitors.model import Host, Visitor
from groundswell.webinars.mails import WebinarMails
from groundswell.webinars.model import Status
from groundswell.webinars.places import Places as WebinarPlaces
from groundswell.webinars.registering import RegistrationService
from groundswell.webinars.service import WebinarService
from groundswell.webinars.store import DynamoWebinarStore

pytestmark = pytest.mark.emulator
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (("00:00", "24:00"),))


class Links:
    def sign(self, *_: object) -> str:
        return "token"


class Hosts:
    def find(self, client_id: str) -> Host:
        return Host(client_id, "org", "Client")


class People:
    def people(self, user_ids: Sequence[str]) -> Sequence[object]:
        return ()


def at_once[T](act: Callable[[int], T], times: int) -> list[T | str]:
    """What each of them gets: an answer, or the code of a refusal."""

    def tried(number: int) -> T | str:
        try:
            return act(number)
        except SlotTaken as refused:
            return refused.code

    with ThreadPoolExecutor(40) as pool:
        return list(pool.map(tried, range(times)))


@pytest.fixture
def kind(emulator) -> BookingType:
    now = utc_now()
    wanted = BookingType(new_id(), str(uuid4()), "ada", now, now, "Call", ("ada", "bob"), Availability("UTC", WEEK))
    return DynamoTypeStore().save(wanted)


@pytest.fixture
def bookings(emulator) -> BookingService:
    places = BookingPlaces(Links(), "https://app.example")
    mails = BookingMails(places, "no-reply@app.example")
    store = DynamoBookingStore()
    return BookingService(DynamoTypeStore(), store, Hosts(), People(), mails, places, utc_now, new_id)


def taken(kind: BookingType) -> list[tuple[str, str]]:
    """(host, span) of all that is taken and stands."""
    today = utc_now().date()
    known = DynamoBookingStore().agenda(kind.client_id, kind.hosts, str(today), str(today + timedelta(days=3)))
    return sorted({(day.host_id, span.id) for day in known for span in day.spans if span.stands(utc_now())})


def tomorrow(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(utc_now().date() + timedelta(days=1), datetime.min.time(), UTC).replace(
        hour=hour, minute=minute
    )


def wanted(starts_at: datetime, number: int) -> Wanted:
    return Wanted(starts_at, Visitor(f"attendee{number}@people.example"))


def test_two_hundred_want_one_slot_and_one_gets_it(kind, bookings):
    only = DynamoTypeStore().save(
        BookingType(**{**vars(kind), "id": new_id(), "version": 0, "hosts": ("ada",), "assignment": Assignment.FIXED})
    )

    outcomes = at_once(lambda number: bookings.book(only.id, wanted(tomorrow(9), number))[0].id, 200)

    [sold] = [outcome for outcome in outcomes if outcome != "SLOT_TAKEN"]
    assert Counter(outcomes)["SLOT_TAKEN"] == 199
    assert taken(only) == [("ada", sold)]


def test_different_times_of_a_day_go_to_everybody_at_once(kind, bookings):
    outcomes = at_once(
        lambda number: bookings.book(kind.id, wanted(tomorrow(9 + number // 2, number % 2 * 30), number)), 20
    )

    assert "SLOT_TAKEN" not in outcomes
    assert len(taken(kind)) == 20


def test_of_forty_holds_as_many_stand_as_there_are_hosts_and_each_is_booked_by_its_own(kind, bookings):
    held = at_once(lambda _: bookings.hold(kind.id, tomorrow(12)), 40)

    holds = [hold for hold in held if hold != "SLOT_TAKEN"]
    assert len(holds) == 2
    by_hold = Wanted(tomorrow(12), Visitor("ada@people.example"), hold_id=holds[0].id)
    booked = at_once(lambda _: bookings.book(kind.id, by_hold)[0].id, 10)
    assert Counter(booked)["SLOT_TAKEN"] == 9
    assert {span for _, span in taken(kind)} == {holds[1].id, *booked} - {"SLOT_TAKEN"}


def test_forty_want_the_last_seat_and_one_address_is_one_seat(emulator):
    store, places = DynamoWebinarStore(), WebinarPlaces(Links(), "https://app.example")
    acting = ClientContext(str(uuid4()), "org", "ada", Role.EDITOR)
    values = {"title": "Growth", "starts_at": utc_now() + timedelta(days=9), "capacity": 1, "waitlist": True}
    values["status"] = Status.PUBLISHED
    webinars = WebinarService(store, utc_now, new_id)
    webinar = webinars.create(acting, values)
    service = RegistrationService(store, Hosts(), WebinarMails(places, "no-reply@app.example"), places, utc_now, new_id)

    def register(number: int) -> str:
        visitor = Visitor(f"visitor{number // 2}@people.example")  # each address twice
        return service.register(webinar.id, visitor, consent=True, network=None).registration.id

    ids = at_once(register, 40)

    everybody = list(store.everybody(webinar))
    assert Counter(registration.status.value for registration in everybody) == {"confirmed": 1, "waitlisted": 19}
    assert {registration.id for registration in everybody} == set(ids)
    seats = webinars.seats(webinar)
    assert (seats.taken, seats.waiting) == (1, 19)


def test_a_month_of_ten_hosts_is_read_in_fewer_than_twenty_calls(kind, bookings, calls):
    hosts = tuple(f"host{number}" for number in range(10))
    everybody = DynamoTypeStore().save(BookingType(**{**vars(kind), "id": new_id(), "version": 0, "hosts": hosts}))

    with calls.counted() as made:
        free_slots = bookings.slots(everybody.id, utc_now(), utc_now() + timedelta(days=30))

    assert {len(slot.hosts) for slot in free_slots} == {10}
    assert len(made) <= 20
