"""Internet addresses: one spelling of each, and how much of one is somebody."""

from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

_V4_IN_V6 = bytes(10) + b"\xff\xff"


def spelled_address(address: str) -> str:
    """The one spelling (RFC 5952; an IPv4-mapped address is its IPv4 address). As it is if it is none."""
    packed = _packed(address)
    return address if packed is None else _text(packed)


def one_caller(address: str) -> str:
    """What counts as one caller wherever an address is a key: an IPv4 address, or the /64 of an IPv6 one, within which
    a single host may have all 2^64 (RFC 4291 §2.5.1). As it is if it is none."""
    packed = _packed(address)
    if packed is None:
        return address
    return _text(packed) if len(packed) == 4 else f"{_text(packed[:8] + bytes(8))}/64"


def near(address: str) -> str | None:
    """Enough of an address to recognise where it was, and nobody by: `203.0.113.0/24`, `2001:db8:1::/48`. None for what
    is no address."""
    packed = _packed(address)
    if packed is None:
        return None
    return f"{_text(packed[:3] + bytes(1))}/24" if len(packed) == 4 else f"{_text(packed[:6] + bytes(10))}/48"


def is_address(text: str) -> bool:
    return _packed(text) is not None


def _packed(address: str) -> bytes | None:
    """4 or 16 bytes. An IPv6 zone (`%eth0`) is of the host that writes it."""
    text = address.strip().partition("%")[0]
    try:
        packed = inet_pton(AF_INET6 if ":" in text else AF_INET, text)
    except (OSError, ValueError):
        return None
    return packed[12:] if packed.startswith(_V4_IN_V6) else packed


def _text(packed: bytes) -> str:
    return inet_ntop(AF_INET if len(packed) == 4 else AF_INET6, packed)
