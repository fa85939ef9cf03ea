"""The composition root of published pages."""

import os
from datetime import timedelta
from functools import cache
from typing import Annotated

from groundswell.cms.adapter_live import DynamoLiveReader
from groundswell.cms.public import PublicPages
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.links.adapter_wiring import links
from groundswell.links.service import LinkService


@cache
def public_pages() -> PublicPages:
    kept_for = timedelta(seconds=int(os.environ["PAGE_CACHE_SECONDS"]))
    return PublicPages(DynamoLiveReader(), utc_now, kept_for)


Published = Annotated[PublicPages, provide(public_pages)]
Links = Annotated[LinkService, provide(links)]
