"""The services of this function."""

from typing import Annotated

from groundswell.http.provide import provide
from groundswell.media.adapter_wiring import media
from groundswell.media.service import MediaService

Media = Annotated[MediaService, provide(media)]
