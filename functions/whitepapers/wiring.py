"""What the routes of whitepapers work with."""

from typing import Annotated

from groundswell.http.provide import provide
from groundswell.whitepapers.adapter_wiring import delivery_service, places, whitepaper_service
from groundswell.whitepapers.delivery import DeliveryService
from groundswell.whitepapers.places import Places
from groundswell.whitepapers.service import WhitepaperService

Whitepapers = Annotated[WhitepaperService, provide(whitepaper_service)]
Deliveries = Annotated[DeliveryService, provide(delivery_service)]
Addresses = Annotated[Places, provide(places)]
