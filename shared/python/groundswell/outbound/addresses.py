"""Which internet addresses are anybody's: all others are ours, our neighbours' or our provider's, and never called."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

type Address = IPv4Address | IPv6Address

# `is_global` follows IANA's registries, and lets these through.
_V4_REFUSED = (
    IPv4Network("192.88.99.0/24"),  # 6to4 relays (RFC 7526)
    IPv4Network("192.0.0.0/24"),  # protocol assignments (RFC 6890)
    IPv4Network("168.63.129.16/32"),  # Azure's metadata
)
_V6_UNICAST = IPv6Network("2000::/3")  # all that IANA gives out (RFC 4291 §2.4)
# In the first two another address is hidden, which a gateway on the way would go to.
_V6_REFUSED = (
    IPv6Network("2001::/23"),  # protocol assignments, Teredo among them (RFC 4380)
    IPv6Network("2002::/16"),  # 6to4 (RFC 3056)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)


def is_public(address: Address) -> bool:
    """Whether anybody may be reached at it. An IPv4-mapped address is its IPv4 address; NAT64, 6to4 and Teredo, which
    hide another one, are not public."""
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return _is_public_v6(address) if mapped is None else is_public(mapped)
    return address.is_global and not address.is_multicast and not any(address in network for network in _V4_REFUSED)


def is_loopback(address: Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def parse_address(text: str) -> Address:
    """Raises ValueError. A zone (`%eth0`) is of the host that writes it, and is dropped."""
    return ip_address(text.partition("%")[0])


def _is_public_v6(address: IPv6Address) -> bool:
    return address in _V6_UNICAST and address.is_global and not any(address in network for network in _V6_REFUSED)
