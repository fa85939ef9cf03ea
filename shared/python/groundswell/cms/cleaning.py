"""What of a page's texts may stay, and which files they show."""

from collections.abc import Mapping
from typing import Any, Protocol

from groundswell.cms.model import MEDIA_AT_MOST, NAMES, Copy
from groundswell.kernel.errors import Invalid

_HTML = frozenset({"content"})


class Sanitiser(Protocol):
    def html(self, text: str) -> str: ...

    def plain(self, text: str) -> str: ...

    def media_in(self, client_id: str, html: str) -> frozenset[str]:
        """The client's files that it shows or links to."""


class CopyCleaner:
    def __init__(self, sanitiser: Sanitiser) -> None:
        self._sanitiser = sanitiser

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._clean_texts(name, values[name]) for name in NAMES & values.keys()}

    def _clean_texts(self, name: str, texts: Mapping[str, str | None] | None) -> Mapping[str, str | None] | None:
        if texts is None:
            return None
        clean = self._sanitiser.html if name in _HTML else self._sanitiser.plain
        return {language: None if text is None else clean(text) for language, text in texts.items()}

    def media(self, client_id: str, copy: Copy) -> tuple[str, ...]:
        """The client's files that it shows or links to. Raises Invalid for too many."""
        shown = frozenset[str]().union(*(self._sanitiser.media_in(client_id, html) for html in copy.content.values()))
        if len(shown) > MEDIA_AT_MOST:
            raise Invalid.on("content", f"at most {MEDIA_AT_MOST} files", "too_many")
        return tuple(sorted(shown))
