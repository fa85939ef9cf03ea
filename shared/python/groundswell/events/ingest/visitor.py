"""Who sent a request, as far as it is kept: networks instead of addresses, and nothing of whoever asks for privacy."""

from collections.abc import Mapping
from typing import NamedTuple

from groundswell.kernel.network import near

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
    """The /24 of an IPv4 address, the /48 of an IPv6 one, by its first address. None for what is no address."""
    place = near(address)
    return place.partition("/")[0] if place else None
