"""Whitepapers, put together for whoever needs them. They need `PUBLIC_URL`, and to read the bucket `media`."""

import os
from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import lead_capture
from groundswell.links.adapter_wiring import links
from groundswell.visitors.adapter_hosts import DynamoHosts
from groundswell.whitepapers.delivery import DeliveryService, Following
from groundswell.whitepapers.places import Places
from groundswell.whitepapers.service import WhitepaperService
from groundswell.whitepapers.store import DynamoWhitepaperStore


@cache
def places() -> Places:
    return Places(links(), os.environ["PUBLIC_URL"])


@cache
def whitepaper_service() -> WhitepaperService:
    return WhitepaperService(DynamoWhitepaperStore(), utc_now, new_id)


@cache
def delivery_service() -> DeliveryService:
    from groundswell.media.adapter_wiring import media  # what the worker `business` needs not

    return DeliveryService(DynamoWhitepaperStore(), DynamoHosts(), media(), places(), utc_now, new_id)


@cache
def following() -> Following:
    return Following(DynamoWhitepaperStore(), DynamoHosts(), lead_capture())
