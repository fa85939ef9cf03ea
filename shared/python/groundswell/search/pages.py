"""What a page says to people: its visible text in blocks, its links, and what it declares for machines (JSON-LD).

What people do not see is not read, and no block is that speaks to language models: whoever writes such text wants
something to be done, and nothing that a page says is done here.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

LARGEST = 600_000
"""Characters of a page that are read."""
_BLOCKS_AT_MOST = 4_000
_LONGEST_BLOCK = 2_000
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
_UNSEEN = re.compile("script|style|template|noscript|svg|head|iframe|object|select|textarea")
_INLINE = re.compile("a|abbr|b|bdi|bdo|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|time|u")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:\D|$)|opacity\s*:\s*0(?:[^.\d]|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_TO_MODELS = re.compile(
    r"(?:ignore|disregard|forget|override)\W+(?:\w+\W+){0,4}(?:instruction|prompt|rule|direction|context|schema)"
    r"|system\s+prompt|you\s+are\s+(?:now\s+)?(?:an?\s+)?(?:ai|assistant|language\s+model|llm|chatbot)"
    r"|(?:as|dear|attention|hey|hello)\s+(?:an?\s+)?(?:ai|assistant|language\s+model|llm|chatgpt|gpt)\b"
    r"|\b(?:add|insert|include|append|return|output|report)\W+(?:\w+\W+){0,5}(?:leads?\b|schema|json)"
    r"|\b(?:reveal|print|leak|send|show|output)\W+(?:\w+\W+){0,4}(?:api\s*key|secret|instructions|prompt|password)"
    r"|<\W*(?:system|assistant|data-)|\[/?(?:INST|SYSTEM)\]|new\s+instructions\s*:",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, cell or list item. `emails` and `phones` are those that it links to."""

    text: str
    is_heading: bool = False
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    url: str
    text: str


@dataclass(frozen=True)
class Page:
    """`suspicious`: a block spoke to language models, and was left out."""

    url: str
    title: str = ""
    site_name: str = ""
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    declared: tuple[dict[str, Any], ...] = ()
    suspicious: bool = False

    @property
    def text(self) -> str:
        return "\n".join(" ".join((block.text, *block.emails, *block.phones)) for block in self.blocks)

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


def speaks_to_models(text: str) -> bool:
    return _TO_MODELS.search(text[:_LONGEST_BLOCK]) is not None


def read_page(url: str, html: str) -> Page:
    reader = _Reader(url)
    reader.feed(html[:LARGEST])
    reader.close()
    reader.end_block()
    kept = tuple(block for block in reader.blocks if not speaks_to_models(block.text))
    declared = tuple(node for node in reader.declared if not speaks_to_models(json.dumps(node)[:_LONGEST_BLOCK]))
    return Page(
        url,
        _squeezed(reader.title),
        _squeezed(reader.site_name),
        kept,
        tuple(reader.links),
        declared,
        suspicious=len(kept) < len(reader.blocks) or len(declared) < len(reader.declared),
    )


def read_text(url: str, text: str) -> Page:
    """Of `text/plain`: paragraphs are lines."""
    lines = [_squeezed(line) for line in text[:LARGEST].splitlines()][:_BLOCKS_AT_MOST]
    kept = tuple(Block(line[:_LONGEST_BLOCK]) for line in lines if line and not speaks_to_models(line))
    return Page(url, blocks=kept, suspicious=len(kept) < sum(map(bool, lines)))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


@dataclass
class _Parts:
    """Of the block that is being read."""

    text: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    is_heading: bool = False


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.title = ""
        self.site_name = ""
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.declared: list[dict[str, Any]] = []
        self._parts = _Parts()
        self._unseen: list[str] = []  # open elements from the outermost that nobody sees
        self._raw: str | None = None  # what the text of this element is for: "title", "ld"
        self._link: Link | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self._meta(attributes)
        if tag == "script" and attributes.get("type", "").strip().lower() == "application/ld+json":
            self._raw = "ld"
        elif tag == "title":
            self._raw = "title"
        if _VOID.fullmatch(tag):
            return self._break(tag)
        if self._unseen or _UNSEEN.fullmatch(tag) or _is_hidden(attributes):
            if tag == "body":  # a head that was never closed ends here
                self._unseen.clear()
            else:
                self._unseen.append(tag)
            return None
        self._break(tag)
        self._parts.is_heading |= tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "th")
        if tag == "a":
            self._open_link(attributes.get("href", ""))
        return None

    def handle_endtag(self, tag: str) -> None:
        self._raw = None
        if self._unseen:
            if tag in self._unseen:
                while self._unseen.pop() != tag:
                    pass
            return
        if tag == "a" and self._link:
            self.links.append(self._link)
            self._link = None
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._raw == "title":
            self.title += data
        elif self._raw == "ld":
            self._declare(data)
        elif not self._unseen:
            self._parts.text.append(data)
            if self._link:
                self._link = Link(self._link.url, (self._link.text + data)[:200])

    def end_block(self) -> None:
        parts, self._parts = self._parts, _Parts()
        text = _squeezed("".join(parts.text))[:_LONGEST_BLOCK]
        if (text or parts.emails or parts.phones) and len(self.blocks) < _BLOCKS_AT_MOST:
            self.blocks.append(Block(text, parts.is_heading, tuple(parts.emails), tuple(parts.phones)))

    def _break(self, tag: str) -> None:
        """A link that is one of a person's lines belongs to the lines around it; `br` parts two facts of a block."""
        if tag == "br":
            self._parts.text.append(" | ")
        elif not _INLINE.fullmatch(tag) and not _VOID.fullmatch(tag):
            self.end_block()

    def _meta(self, attributes: dict[str, str]) -> None:
        if attributes.get("property", "").lower() == "og:site_name":
            self.site_name = attributes.get("content", "")[:200]

    def _open_link(self, href: str) -> None:
        scheme, _, rest = href.strip().partition(":")
        match scheme.lower():
            case "mailto":
                self._parts.emails.append(unquote(rest.partition("?")[0]).strip())
            case "tel":
                self._parts.phones.append(unquote(rest).strip())
            case _ if len(self.links) < 500:
                self._link = Link(_absolute(self.url, href), "")

    def _declare(self, data: str) -> None:
        try:
            content = json.loads(data)
        except (ValueError, RecursionError):
            return
        self.declared += list(_things(content, 4))[:200]


def _is_hidden(attributes: dict[str, str]) -> bool:
    hides = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    return hides or _HIDING.search(attributes.get("style", "")[:500]) is not None


def _absolute(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip()).partition("#")[0]
    except ValueError:
        return ""


def _things(content: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Every object with a type, at any depth that people use."""
    if isinstance(content, list):
        for node in content[:200]:
            yield from _things(node, depth)
    elif isinstance(content, dict) and depth:
        if "@type" in content:
            yield content
        for node in content.values():
            if isinstance(node, dict | list):
                yield from _things(node, depth - 1)
