"""The composition root of the review page."""

from typing import Annotated

from groundswell.cms.adapter_live import DynamoLiveReader
from groundswell.creatives.adapter_wiring import creatives, discussion
from groundswell.creatives.discussion import Discussion
from groundswell.creatives.service import CreativeService
from groundswell.http.provide import provide
from groundswell.media.adapter_wiring import media
from groundswell.media.service import MediaService


def site_of(client_id: str) -> tuple[str, str | None] | None:
    """The client's name and the address of its logo."""
    site = DynamoLiveReader().site(client_id)
    return (site.name, site.logo) if site else None


Creatives = Annotated[CreativeService, provide(creatives)]
Discussions = Annotated[Discussion, provide(discussion)]
Media = Annotated[MediaService, provide(media)]
