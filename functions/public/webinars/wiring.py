"""What the pages of webinars work with."""

from typing import Annotated

from groundswell.http.provide import provide
from groundswell.webinars.adapter_wiring import places, registration_service
from groundswell.webinars.places import Places
from groundswell.webinars.registering import RegistrationService

Registrations = Annotated[RegistrationService, provide(registration_service)]
Addresses = Annotated[Places, provide(places)]
