"""What the pages of bookings work with."""

from typing import Annotated

from groundswell.bookings.adapter_wiring import booking_service, places
from groundswell.bookings.places import Places
from groundswell.bookings.service import BookingService
from groundswell.http.provide import provide

Bookings = Annotated[BookingService, provide(booking_service)]
Addresses = Annotated[Places, provide(places)]
