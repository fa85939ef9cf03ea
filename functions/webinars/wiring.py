"""What the routes of webinars work with."""

from typing import Annotated

from groundswell.http.provide import provide
from groundswell.webinars.adapter_wiring import attendance_service, places, registration_service, webinar_service
from groundswell.webinars.attendance import AttendanceService
from groundswell.webinars.places import Places
from groundswell.webinars.registering import RegistrationService
from groundswell.webinars.service import WebinarService

Webinars = Annotated[WebinarService, provide(webinar_service)]
Registrations = Annotated[RegistrationService, provide(registration_service)]
Attendances = Annotated[AttendanceService, provide(attendance_service)]
Addresses = Annotated[Places, provide(places)]
