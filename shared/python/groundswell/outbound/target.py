"""Where a URL that somebody else wrote leads: read once, strictly, so that what is checked is what is called."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urljoin, urlsplit

from groundswell.outbound.addresses import Address, is_loopback, is_public, parse_address

LONGEST_URL = 2048
_PORTS = {"http": 80, "https": 443}
_LOWEST_FREE_PORT = 1024
# Of the ports from 1024 on, those of the Fetch standard (https://fetch.spec.whatwg.org/#port-blocking) and of stores
# that speak no HTTP, or trust whoever reaches them.
_REFUSED_PORTS = frozenset(
    {1433, 1521, 1719, 1720, 1723, 2049, 2375, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900, 6000}
    | {6379, *range(6665, 6670), 6679, 6697, 9092, 9200, 9300, 10080, 11211, 27017}
)
_VISIBLE = re.compile(r"[!-\[\]-~]+")  # printable ASCII but the space and the backslash, which parsers read differently
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Names of machines and networks of one's own (RFC 6761, RFC 6762, RFC 8375, RFC 9476; ICANN on `internal`).
_PRIVATE_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "onion", "alt", "arpa")


class TargetRefused(Exception):
    """The URL does not lead to a public web server. The text is for whoever named it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Target:
    """`host` is an A-label name (RFC 5891) in lower case, or an address without brackets; `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port, as the Host header spells them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def place(self) -> str:
        """Host and port, the port always."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def address(self) -> Address | None:
        """What the host is, if it is no name."""
        try:
            return parse_address(self.host)
        except ValueError:
            return None


@dataclass(frozen=True)
class LoopbackPeers:
    """Peers on this machine that the local stage may reach all the same: `127.0.0.1:9000,localhost:9001`. An entry
    without a port is every port of that host."""

    places: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "LoopbackPeers":
        return cls(frozenset(host.strip().lower() for host in text.split(",") if host.strip()))

    def has(self, target: Target) -> bool:
        host = f"[{target.host}]" if ":" in target.host else target.host
        return target.place in self.places or host in self.places


def parse_target(url: str, peers: LoopbackPeers = LoopbackPeers(), *, https_only: bool = False) -> Target:
    """Raises TargetRefused for what is no URL of a public web server, as far as its spelling tells."""
    scheme, netloc, path = _split(url)
    target = Target(scheme, *_place(scheme, netloc), path)
    if peers.has(target):
        return target
    if https_only and scheme != "https":
        raise TargetRefused("must begin with https://")
    _check_port(target.port, _PORTS[scheme])
    _check_host(target)
    return target


def next_target(target: Target, location: str, peers: LoopbackPeers) -> Target:
    """Where a redirect leads. Raises TargetRefused; also from TLS to none."""
    return parse_target(urljoin(target.url, location), peers, https_only=target.scheme == "https")


def check_addresses(target: Target, addresses: Iterable[str], peers: LoopbackPeers) -> tuple[str, ...]:
    """The addresses of a name, each once. Raises TargetRefused if any is not public; of a peer: not this machine's."""
    allowed = is_loopback if peers.has(target) else is_public
    checked = tuple(dict.fromkeys(addresses))
    if not checked or not all(allowed(parse_address(address)) for address in checked):
        raise TargetRefused(f"{target.host} has no public address, or one that is not public")
    return checked


def _split(url: str) -> tuple[str, str, str]:
    if len(url) > LONGEST_URL:
        raise TargetRefused(f"is longer than {LONGEST_URL} characters")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise TargetRefused("is no URL") from None
    scheme, rest = parts.scheme.lower(), (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if scheme not in _PORTS:
        raise TargetRefused("must begin with https:// or http://")
    if not _VISIBLE.fullmatch(rest) or any(character in url for character in "\t\r\n\\ "):
        raise TargetRefused("has characters that must be percent-encoded")
    if "@" in parts.netloc:
        raise TargetRefused("must not have a user name or password")
    return scheme, parts.netloc, rest


def _place(scheme: str, netloc: str) -> tuple[str, int]:
    if netloc.startswith("["):
        text, bracket, rest = netloc[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise TargetRefused("has no valid host")
        return _v6(text), _port(rest[1:], _PORTS[scheme])
    text, _, port = netloc.partition(":")
    return _name(text), _port(port, _PORTS[scheme])


def _port(text: str, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 5 or not 0 < int(text) < 65536:
        raise TargetRefused("has no valid port")
    return int(text)


def _v6(text: str) -> str:
    try:
        return str(IPv6Address(text)) if "%" not in text else _no_host()
    except AddressValueError:
        return _no_host()


def _name(text: str) -> str:
    """A name in A-labels, or an IPv4 address spelled as one. Other spellings (decimal, octal, hexadecimal, short) are
    refused: resolvers read them differently."""
    name = _ascii(text).removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(name))
        except AddressValueError:
            return _no_host()
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return _no_host()
    return name


def _ascii(text: str) -> str:
    import idna  # its tables are worth a moment, for names of other scripts only

    if text.isascii():
        return text.lower()
    try:
        return idna.encode(text, uts46=True).decode()
    except idna.IDNAError:
        return _no_host()


def _no_host() -> str:
    raise TargetRefused("has no valid host")


def _check_port(port: int, default: int) -> None:
    if port in (80, 443, default):
        return
    if port < _LOWEST_FREE_PORT or port in _REFUSED_PORTS:
        raise TargetRefused(f"port {port} is none that web servers use")


def _check_host(target: Target) -> None:
    address = target.address
    if address is not None and not is_public(address):
        raise TargetRefused(f"{target.host} is not a public address")
    if address is None and ("." not in target.host or _is_private_name(target.host)):
        raise TargetRefused(f"{target.host} is not a public name")


def _is_private_name(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _PRIVATE_NAMES)
