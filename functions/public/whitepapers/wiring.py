"""What the pages of whitepapers work with."""

from typing import Annotated

from groundswell.http.provide import provide
from groundswell.whitepapers.adapter_wiring import delivery_service
from groundswell.whitepapers.delivery import DeliveryService

Deliveries = Annotated[DeliveryService, provide(delivery_service)]
