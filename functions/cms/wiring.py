"""The services of this function."""

import os
from functools import cache
from typing import Annotated

from groundswell.cms.adapter_wiring import page_approvals, pages
from groundswell.cms.approving import PageApprovals
from groundswell.cms.previews import Previews as PreviewLinks
from groundswell.cms.service import PageService
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.links.adapter_wiring import links


@cache
def previews() -> PreviewLinks:
    return PreviewLinks(links(), os.environ["PUBLIC_URL"].rstrip("/"), utc_now)


Pages = Annotated[PageService, provide(pages)]
Approvals = Annotated[PageApprovals, provide(page_approvals)]
Previews = Annotated[PreviewLinks, provide(previews)]
