"""Who sent a request, as far as it is kept: networks instead of addresses, and nothing of whoever asks for privacy."""

import re
from collections.abc import Mapping
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import NamedTuple

_BOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|headless|phantomjs|puppeteer|playwright|selenium|lighthouse|pagespeed|"
    r"facebookexternalhit|embedly|quora link|preview|monitor|uptime|pingdom|archiver|scrapy|wget|^curl/|python-urllib|"
    r"gptbot|claude|perplexity|bytespider|ia_archiver|mediapartners|feedfetcher|validator",
    re.IGNORECASE,
)
_V4_IN_V6 = bytes(10) + b"\xff\xff"
_PLACES = {
    "country": "cloudfront-viewer-country",
    "region": "cloudfront-viewer-country-region",
    "city": "cloudfront-viewer-city",
}


class Visitor(NamedTuple):
    """What a browser's request says of its user. A server's says it of the server, so of those nothing is taken.

    `network` is the address less its host part. `private`: it asks not to be tracked (DNT) or sold (GPC).
    """

    network: str | None = None
    user_agent: str | None = None
    geo: tuple[tuple[str, str], ...] = ()
    private: bool = False


NOBODY = Visitor()


def visitor(headers: Mapping[str, str], address: str) -> Visitor:
    """`headers` by lower-case name. Coordinates and postal codes that CloudFront may add are not looked at."""
    private = headers.get("dnt") == "1" or headers.get("sec-gpc") == "1"
    agent = headers.get("user-agent", "")
    if private or not agent.startswith("Mozilla/"):
        return Visitor(private=True) if private else NOBODY
    geo = tuple((name, text[:100]) for name, header in _PLACES.items() if (text := headers.get(header)))
    return Visitor(network(address), agent[:512], geo)


def network(address: str) -> str | None:
    """The /24 of an IPv4 address, the /48 of an IPv6 one. None for what is no address."""
    try:
        packed = inet_pton(AF_INET6, address) if ":" in address else inet_pton(AF_INET, address)
    except (OSError, ValueError):
        return None
    if packed.startswith(_V4_IN_V6):
        packed = packed[12:]
    if len(packed) == 4:
        return inet_ntop(AF_INET, packed[:3] + b"\0")
    return inet_ntop(AF_INET6, packed[:6] + bytes(10))


def is_bot(user_agent: str) -> bool:
    """By what well-behaved ones call themselves."""
    return _BOT.search(user_agent) is not None
