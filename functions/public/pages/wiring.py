"""The composition root of published pages."""

import os
from datetime import timedelta
from functools import cache
from typing import Annotated

from groundswell.access.model import Role
from groundswell.cms.adapter_live import DynamoLiveReader
from groundswell.cms.public import PublicPages
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.links.adapter_wiring import links
from groundswell.links.service import LinkService
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.adapter_standing import standings


@cache
def public_pages() -> PublicPages:
    kept_for = timedelta(seconds=int(os.environ["PAGE_CACHE_SECONDS"]))
    return PublicPages(DynamoLiveReader(), utc_now, kept_for, _may_show)


def _may_show(by: str, client_id: str) -> bool:
    return standings().may(by, client_id, Role.EDITOR, Scope.CONTENT_WRITE)


Published = Annotated[PublicPages, provide(public_pages)]
Links = Annotated[LinkService, provide(links)]
