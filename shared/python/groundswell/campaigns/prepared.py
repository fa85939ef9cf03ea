"""A letter made ready once for all its recipients: what is left for each is to fill in values and to sign links."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape
from typing import Any

from groundswell.campaigns.letters import Letter, Rendered, subject_line
from groundswell.campaigns.outcomes import TextLink
from groundswell.campaigns.placeholders import LARGEST, Text, parse
from groundswell.kernel.errors import Invalid

LINK = re.compile(r"""(<a\b[^>]{0,2000}?\bhref\s*=\s*)(["'])(https?://[^"'<>]{1,2000})\2""", re.IGNORECASE)
"""Its third group is the URL, as HTML spells it."""
_URL_PART = r"\{\{[^{}]{0,300}\}\}|[^\s<>\"'{}"
TEXT_LINK = re.compile(rf"https?://(?:{_URL_PART}]){{0,1000}}(?:{_URL_PART}.,;:!?)])")
"""Without the point at the sentence's end."""
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)


@dataclass(frozen=True)
class Links:
    """Where a recipient's own links lead. `click` takes a link's number and URL."""

    unsubscribe: str
    preferences: str
    pixel: str
    click: Callable[[int, str], str]


@dataclass(frozen=True)
class Place:
    """Of a link whose clicks are counted. Its number stays the same whatever its variables say: two recipients' links
    are one. `fixed` is the URL where no variable is in it."""

    number: int
    url: Text

    @cached_property
    def fixed(self) -> str | None:
        return None if self.url.variables else unescape("".join(map(str, self.url.parts)))


type Piece = Text | Place


@dataclass(frozen=True)
class Prepared:
    """`until_end` is the HTML up to where the picture stands that tells of openings, `rest` what follows it."""

    letter: Letter
    subject: Text
    text: Text
    until_end: tuple[Piece, ...]
    rest: tuple[Piece, ...]
    chat_pieces: tuple[Piece, ...] = ()

    @cached_property
    def needed(self) -> frozenset[str]:
        """Variables without a fallback."""
        texts = self.letter.texts
        return frozenset(variable.name for text in texts for variable in text.variables if variable.fallback is None)

    def chat(self, values: Mapping[str, Any], click: Callable[[int, str], str]) -> tuple[str, tuple[TextLink, ...]]:
        """The text as a chat shows it, and where its links lead. Raises Invalid for what gets too large."""
        text, links = "", list[TextLink]()
        try:
            for piece in self.chat_pieces:
                more = (piece if isinstance(piece, Text) else piece.url).render(values)
                if isinstance(piece, Place):
                    links.append(TextLink(_units(text), _units(more), click(piece.number, more)))
                text += more
        except ValueError as error:
            raise Invalid.on("body", str(error), "too_large") from error
        return text, tuple(links)

    def filled_in(self, values: Mapping[str, Any], links: Links) -> Rendered:
        """The letter for one recipient. Raises Invalid for what gets too large."""
        pixel = f'<img src="{escape(links.pixel)}" width="1" height="1" alt="" style="border:0">'
        try:
            html = _html(self.until_end, values, links)
            html = _limited(html + pixel + _html(self.rest, values, links)) if html else ""
            return Rendered(subject_line(self.subject, values), html, self.text.render(values))
        except ValueError as error:
            raise Invalid.on("body", str(error), "too_large") from error


def prepared(letter: Letter, numbers: Mapping[str, int]) -> Prepared:
    """`numbers` of links, by their URLs as they stand in the letter. Raises ValueError for what is no variable."""
    ends = [*_BODY_END.finditer(letter.html)]
    end = ends[-1].start() if ends else len(letter.html)
    until_end, rest = (tuple(_pieces(part, numbers)) for part in (letter.html[:end], letter.html[end:]))
    chat = () if letter.html else tuple(_chat_pieces(letter.text, numbers))
    return Prepared(letter, parse(letter.subject), parse(letter.text), until_end, rest, chat)


def _pieces(html: str, numbers: Mapping[str, int]) -> Iterator[Piece]:
    at = 0
    for link in LINK.finditer(html):
        if before := html[at : link.start(3)]:
            yield parse(before)
        yield Place(numbers.get(unescape(link[3]), 0), parse(link[3]))
        at = link.end(3)
    if at < len(html):
        yield parse(html[at:])


def _chat_pieces(text: str, numbers: Mapping[str, int]) -> Iterator[Piece]:
    at = 0
    for link in TEXT_LINK.finditer(text):
        yield parse(text[at : link.start()])
        yield Place(numbers.get(link[0], 0), parse(link[0]))
        at = link.end()
    yield parse(text[at:])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _html(pieces: Sequence[Piece], values: Mapping[str, Any], links: Links) -> str:
    return "".join([_spelled(piece, values, links) for piece in pieces])


def _limited(html: str) -> str:
    if len(html) > LARGEST:
        raise ValueError(f"rendered, it has more than {LARGEST} characters")
    return html


def _spelled(piece: Piece, values: Mapping[str, Any], links: Links) -> str:
    if isinstance(piece, Text):
        return piece.render(values, html=True)
    url = piece.fixed
    if url is None:
        url = unescape(piece.url.render(values, html=True))
    return escape(links.click(piece.number, url))
