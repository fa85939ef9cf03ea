"""The process's links. A function that uses them is granted the secret `links`."""

from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.links.service import LinkService
from groundswell.storage.signing import link_keys


@cache
def links() -> LinkService:
    return LinkService(link_keys(), utc_now)
