"""Links of posts that lead by way of us: which post brought somebody is known wherever they sign up."""

import re
from collections.abc import Sequence
from itertools import chain
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from groundswell.social.model import Network, ShortLink
from groundswell.visitors.model import POST_PARAMETER

LINKS_AT_MOST = 20
PATH = "/t/s"
_LINK = re.compile(r"https?://[^\s<>\"\u201c\u201d]+", re.IGNORECASE)
_NOT_AT_THE_END = ".,;:!?'\u2019"


def links_in(texts: Sequence[str]) -> tuple[str, ...]:
    """Each once, in their order; no more than `LINKS_AT_MOST`."""
    return tuple(dict.fromkeys(chain.from_iterable(map(_of, texts))))[:LINKS_AT_MOST]


def _of(text: str) -> list[str]:
    links = (match[0].rstrip(_NOT_AT_THE_END) for match in _LINK.finditer(text))
    return [link.rstrip(")") if "(" not in link else link for link in links]


def shortened(text: str, links: Sequence[ShortLink]) -> str:
    """As it goes out."""
    by_url = {link.url: link.short_url for link in links}
    if not by_url:
        return text
    longest_first = sorted(by_url, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda match: by_url[match[0]], text)


def destination(url: str, network: Network, post_id: str) -> str:
    """Where a short link leads. What the link says of campaigns itself stays."""
    parts = urlsplit(url)
    there = parse_qsl(parts.query, keep_blank_values=True)
    names = {name for name, _ in there}
    ours = {"utm_source": network.value, "utm_medium": "social", "utm_campaign": post_id, POST_PARAMETER: post_id}
    added = [(name, value) for name, value in ours.items() if name not in names]
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit(parts._replace(query=query))
