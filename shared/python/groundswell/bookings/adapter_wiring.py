"""Bookings, put together for whoever needs them. Their functions declare `PUBLIC_URL` and `MAIL_FROM`."""

import os
import random
import time
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from typing import TYPE_CHECKING

from groundswell.bookings.adapter_people import DynamoBookingPeople
from groundswell.bookings.calendars import CalendarReader
from groundswell.bookings.following import Following
from groundswell.bookings.holds import HoldService
from groundswell.bookings.mails import BookingMails
from groundswell.bookings.places import Places
from groundswell.bookings.service import BookingService
from groundswell.bookings.store import DynamoBookingStore, DynamoTypeStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import lead_capture
from groundswell.links.adapter_wiring import links
from groundswell.tenancy.members.store import DynamoPeople, DynamoTeam
from groundswell.visitors.adapter_hosts import DynamoHosts

if TYPE_CHECKING:
    from groundswell.bookings.types import TypeService


def _pause(attempt: int) -> None:
    time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 4)))


@cache
def places() -> Places:
    return Places(links(), os.environ["PUBLIC_URL"])


@cache
def _mails() -> BookingMails:
    return BookingMails(places(), parseaddr(os.environ["MAIL_FROM"])[1])


@cache
def type_service() -> "TypeService":
    from groundswell.bookings.types import TypeService  # what the worker `business` needs not

    return TypeService(DynamoTypeStore(), DynamoBookingStore(), DynamoTeam(), utc_now, new_id)


@cache
def booking_service() -> BookingService:
    people = DynamoBookingPeople(DynamoPeople())
    return BookingService(
        DynamoTypeStore(), DynamoBookingStore(), DynamoHosts(), people, _mails(), places(), utc_now, new_id, _pause
    )


@cache
def hold_service() -> HoldService:
    return HoldService(DynamoTypeStore(), DynamoBookingStore(), utc_now)


def _fetch_busy(client_id: str, address: str, start: datetime, end: datetime, timezone: str) -> list[tuple[int, int]]:
    # Calls to hosts that others name are for types with outside calendars: few.
    from groundswell.bookings.adapter_calendars import fetch_busy

    return fetch_busy(client_id, address, start, end, timezone)


@cache
def following() -> Following:
    people = DynamoBookingPeople(DynamoPeople())
    store = DynamoBookingStore()
    reader = CalendarReader(DynamoTypeStore(), store, _fetch_busy, utc_now)
    return Following(store, booking_service(), DynamoHosts(), people, _mails(), lead_capture(), reader, utc_now)
