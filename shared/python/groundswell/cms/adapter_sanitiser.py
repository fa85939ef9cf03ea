"""Makes what editors write safe, and finds the client's own files in it."""

import re
from collections.abc import Callable, Iterator

from groundswell.cms.adapter_html import plain, safe_html
from groundswell.cms.html import links_in
from groundswell.kernel.errors import DomainError
from groundswell.links.service import LinkService
from groundswell.media.model import Asset, MediaNotFound
from groundswell.media.service import PURPOSE

_SHOWN = re.compile(r"/public/media/([A-Za-z0-9_-]{1,2000})(?:/|$)")


class PageSanitiser:
    def __init__(self, links: LinkService, find: Callable[[str, str], Asset]) -> None:
        """`find` raises MediaNotFound."""
        self._links = links
        self._find = find

    def html(self, text: str) -> str:
        return safe_html(text)

    def plain(self, text: str) -> str:
        return plain(text)

    def media_in(self, client_id: str, html: str) -> frozenset[str]:
        return frozenset(self._existing(client_id, set(self._named(client_id, html))))

    def _named(self, client_id: str, html: str) -> Iterator[str]:
        for address in links_in(html):
            for token in _SHOWN.findall(address):
                try:
                    link = self._links.open(PURPOSE, token)
                except DomainError:  # nobody's, so no file of theirs
                    continue
                if link.client_id == client_id:
                    yield str(link.claims["id"])

    def _existing(self, client_id: str, ids: set[str]) -> Iterator[str]:
        for media_id in ids:
            try:
                yield self._find(client_id, media_id).id
            except MediaNotFound:  # it was deleted: the page shows nothing there
                continue
