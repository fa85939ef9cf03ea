"""How X counts a post: weighted characters, links as 23, an emoji as 2, however it is composed.

Ported from twitter-text 3.1.0 (Apache 2.0) with its published configuration `v3`, its top-level domains (`tlds.txt`)
and its rules of what is a link.
"""

import re
from bisect import bisect_right
from functools import cache
from importlib import resources
from unicodedata import normalize

LONGEST = 280
_SCALE, _LINK, _HEAVY, _LIGHT = 100, 2300, 200, 100
_LIGHT_RANGES = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_SUBDOMAINS = 8  # more would take time that grows with the cube of a text such as "a.a.a."
_LONGEST_LINK, _LONGEST_SLUG, _LONGEST_LABEL = 4096, 40, 63

_FORBIDDEN = "\ufffe\ufeff\uffff"
_DIRECTIONS = "\u202a-\u202e\u061c\u200e\u200f\u2066\u2067\u2068\u2069"
_SPACES = "\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_PUNCTUATION = r"\!'#%&'\(\)*\+,\\\-\.\/:;<=>\?@\[\]\^_{|}~\$"
_LATIN = (
    "\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    "\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_CYRILLIC = "\u0400-\u04ff"
_EMOJI = (
    "[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_SIGN = "[\xa9\xae]\ufe0f"
"""These are emoji only where they are asked to be shown as such."""
_SKIN = "[\U0001f3fb-\U0001f3ff]"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_TAGS = "[\U000e0020-\U000e007f]*"
_ONE_EMOJI = rf"{_EMOJI}(?:{_SKIN}|\ufe0f)?"


def weighted_length(text: str) -> int:
    """In X's characters, rounded down to whole ones. 280 are a post's limit."""
    text = normalize("NFC", text)
    links, emoji = _links(text), {match.start(): match.end() for match in _emoji().finditer(text)}
    place = weight = 0
    while place < len(text):
        if place in links:
            weight, place = weight + _LINK, links[place]
        elif place in emoji:
            weight, place = weight + _HEAVY, emoji[place]
        else:
            weight, place = weight + _weight(text[place]), place + 1
    return weight // _SCALE


def forbidden_characters(text: str) -> bool:
    """Whether it has one of those that X accepts nowhere."""
    return any(character in text for character in _FORBIDDEN)


def _weight(character: str) -> int:
    place = bisect_right(_LIGHT_RANGES, (ord(character), 0x110000)) - 1
    return _LIGHT if place >= 0 and ord(character) <= _LIGHT_RANGES[place][1] else _HEAVY


def _links(text: str) -> dict[int, int]:
    """Start to end, of what becomes a link."""
    if "." not in text:
        return {}
    spans: dict[int, int] = {}
    for match in _link().finditer(text):
        start, end = match.span("url")
        if match["protocol"]:
            if _is_valid(match, match["protocol"]) and (end := _end_of_short_link(match, start, end)):
                spans[start] = end
        elif match["before"] not in ("-", "_", ".", "/") and _is_valid(match, "https://"):
            spans |= _bare_domains(match, start, end)
    return spans


def _is_valid(match: re.Match[str], protocol: str) -> bool:
    """No label is encoded twice, and nothing is longer than may be."""
    labels = match["domain"].split(".")
    valid = all(len(_ascii(label)) <= _LONGEST_LABEL for label in labels)
    valid = valid and all(label.isascii() or not label.lower().startswith("xn--") for label in labels)
    return valid and len(protocol) + len(match["url"]) <= _LONGEST_LINK


def _ascii(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()


def _end_of_short_link(match: re.Match[str], start: int, end: int) -> int:
    """A link of t.co ends behind its slug; 0 for one whose slug is none."""
    short = _short_link().match(match["url"])
    if short is None:
        return end
    return 0 if len(short[1]) > _LONGEST_SLUG else start + short.end()


def _bare_domains(match: re.Match[str], start: int, end: int) -> dict[int, int]:
    """Without a protocol only domains in ASCII are links; a path belongs to the last of them."""
    spans = {start + match.start(): start + match.end() for match in _bare_domain().finditer(match["domain"])}
    if spans and match["path"]:
        spans[max(spans)] = end
    return spans


@cache
def _emoji() -> re.Pattern[str]:
    joined = rf"{_ONE_EMOJI}(?:\u200d{_ONE_EMOJI})*{_TAGS}"
    return re.compile(rf"{_FLAG}|{_SIGN}|[0-9#*]\ufe0f?\u20e3|{joined}")


@cache
def _top_level() -> str:
    names = (resources.files(__package__) / "tlds.txt").read_text("utf-8").split()
    return rf"(?:(?:{'|'.join(names)})(?=[^0-9a-zA-Z@+-]|$)|xn--[\-0-9a-z]+)"


@cache
def _link() -> re.Pattern[str]:
    letter = rf"[^{_PUNCTUATION}{_SPACES}{_FORBIDDEN}{_DIRECTIONS}]"
    label, subdomain = rf"(?:(?:{letter}(?:-|{letter})*)?{letter}\.)", rf"(?:(?:{letter}(?:[_-]|{letter})*)?{letter}\.)"
    general = rf"[a-z{_CYRILLIC}0-9!\*';:=\+,\.\$\/%#\[\]\-\u2013_~@\|&{_LATIN}]"
    parentheses = rf"\((?:{general}+|(?:{general}*\({general}+\){general}*))\)"
    last = rf"[\+\-a-z{_CYRILLIC}0-9=_#\/{_LATIN}]|(?:{parentheses})"
    path = rf"(?:(?:{general}*(?:{parentheses}{general}*)*(?:{last}))|(?:@{general}+/))"
    query = rf"\?{_QUERY}*[a-z0-9\-_&=#\/]"
    return re.compile(
        rf"(?P<before>(?:[^A-Za-z0-9@\uff20$#\uff03{_FORBIDDEN}]|[{_DIRECTIONS}]|^))"
        rf"(?P<url>(?P<protocol>https?://)?(?P<domain>{subdomain}{{0,{_SUBDOMAINS}}}{label}{_top_level()})(?::[0-9]+)?"
        rf"(?P<path>/{path}*)?(?:{query})?)",
        re.IGNORECASE,
    )


_QUERY = r"[a-z0-9!?\*'@\(\);:&=\+\$\/%#\[\]\-_\.,~|]"


@cache
def _bare_domain() -> re.Pattern[str]:
    return re.compile(rf"(?:[\-a-z0-9{_LATIN}]+\.)+{_top_level()}", re.IGNORECASE)


@cache
def _short_link() -> re.Pattern[str]:
    return re.compile(rf"^https?://t\.co/([a-z0-9]+)(?:\?{_QUERY}*[a-z0-9\-_&=#\/])?", re.IGNORECASE)
