"""What the routes of bookings work with."""

from typing import Annotated

from groundswell.bookings.adapter_wiring import booking_service, hold_service, places, type_service
from groundswell.bookings.holds import HoldService
from groundswell.bookings.places import Places
from groundswell.bookings.service import BookingService
from groundswell.bookings.types import TypeService
from groundswell.http.provide import provide

Types = Annotated[TypeService, provide(type_service)]
Bookings = Annotated[BookingService, provide(booking_service)]
Holds = Annotated[HoldService, provide(hold_service)]
Addresses = Annotated[Places, provide(places)]
