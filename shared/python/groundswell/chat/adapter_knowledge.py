"""Passages of a client's published pages, kept for a minute."""

import os
import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from groundswell.chat.knowledge import Passage, Source, passages_of
from groundswell.cms.adapter_live import DynamoLiveReader
from groundswell.cms.model import Copy
from groundswell.cms.public import MAX_AGE

_BREAKS = re.compile(r"(</(?:p|li|h\d|tr|div|blockquote)>|<br\s*/?>)", re.IGNORECASE)
_PAGES_AT_MOST = 50
_CLIENTS_AT_MOST = 50


class PublishedPages:
    """Two reads for each client and minute."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[str, tuple[datetime, tuple[Passage, ...]]] = {}

    def __call__(self, client_id: str) -> tuple[Passage, ...]:
        until, passages = self._known.get(client_id, (self._now(), ()))
        if until > self._now():
            return passages
        copies = DynamoLiveReader().copies(client_id, _PAGES_AT_MOST)
        passages = tuple(passage for slug, copy in copies for passage in _passages(client_id, slug, copy))
        if len(self._known) >= _CLIENTS_AT_MOST:
            self._known.clear()
        self._known[client_id] = (self._now() + MAX_AGE, passages)
        return passages


def _passages(client_id: str, slug: str, copy: Copy) -> list[Passage]:
    from groundswell.cms.adapter_html import plain  # with its sanitiser

    address = f"{os.environ['PUBLIC_URL'].rstrip('/')}/public/pages/{slug}"
    passages: list[Passage] = []
    for language, title in copy.title.items():
        source = Source(title, f"{address}?{urlencode({'client_id': client_id, 'locale': language})}")
        body = plain(_BREAKS.sub(r"\n\1", copy.content.get(language, "")))
        passages += passages_of(source, f"{copy.meta_description.get(language, '')}\n{body}")
    return passages
