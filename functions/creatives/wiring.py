"""The services of this function."""

from typing import Annotated

from groundswell.creatives.adapter_wiring import creatives, discussion
from groundswell.creatives.discussion import Discussion
from groundswell.creatives.service import CreativeService
from groundswell.http.provide import provide

Creatives = Annotated[CreativeService, provide(creatives)]
Discussions = Annotated[Discussion, provide(discussion)]
