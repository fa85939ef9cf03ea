"""Rich text by an allow-list, made safe by ammonia (nh3), which parses as browsers do."""

import re
from collections.abc import Mapping
from html import unescape

import nh3

from groundswell.kernel.errors import Invalid

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
    ]
)
_ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_CLOSES_ITSELF = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "source",
        "area",
        "base",
        "col",
        "embed",
        "param",
        "track",
        "wbr",
        "option",
        "tbody",
        "thead",
        "tfoot",
    ]
)
_DEEPEST, _TAGS_AT_MOST = 100, 20_000
_HEADING = re.compile(r"<(/?)h1(?=[ >])")


def _harmless(tag: str, attribute: str, value: str) -> str | None:  # noqa: ARG001 - of any tag
    """`//host` is a link to elsewhere that looks like one within."""
    return None if attribute in ("href", "src") and re.match(r"\s*[/\\]{2}", value) else value


_cleaner = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
    attribute_filter=_harmless,
    url_schemes=_SCHEMES,
    link_rel="noopener noreferrer",
)
_plain_cleaner = nh3.Cleaner(tags=set(), attributes={})


def safe_html(text: str) -> str:
    """Without anything that runs, loads or frames. A heading of the first level, which is the page's title, becomes one
    of the second. Raises Invalid for what is nested more than 100 deep."""
    _check_depth(text)
    return _HEADING.sub(r"<\1h2", _cleaner.clean(text))


def plain(text: str) -> str:
    """Text alone: tags are left out, and scripts with what is in them."""
    if "<" not in text:
        return text
    return unescape(_plain_cleaner.clean(text))


def _check_depth(text: str) -> None:
    """ammonia takes seconds for tags nested by the thousand."""
    depth = deepest = tags = 0
    for slash, name in _TAG.findall(text):
        tags += 1
        if name.lower() not in _CLOSES_ITSELF:
            depth = depth - 1 if slash else depth + 1
            deepest = max(deepest, depth)
    if deepest > _DEEPEST or tags > _TAGS_AT_MOST:
        raise Invalid.on("content", f"at most {_TAGS_AT_MOST:,} tags, {_DEEPEST} deep", "too_deep")
