from ipaddress import ip_address, ip_network
from random import Random

import pytest

from groundswell.kernel.network import near, one_caller, spelled_address


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("2001:0db8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("0:0:0:0:0:ffff:cb00:7107", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", ""),
        ("1.2.3", "1.2.3"),
        ("::\0", "::\0"),
    ],
)
def test_one_caller_has_a_64_of_ipv6_and_one_address_of_ipv4(address: str, caller: str) -> None:
    assert one_caller(address) == caller


def test_ten_thousand_pairs_of_addresses_are_one_caller_exactly_where_they_share_a_64() -> None:
    chance = Random(5)
    together = 0
    for _ in range(10_000):
        one = chance.getrandbits(128)
        other = one ^ (1 << chance.randrange(128))
        first, second = (ip_address(number.to_bytes(16)) for number in (one, other))
        same = ip_network((first, 64), strict=False) == ip_network((second, 64), strict=False)
        together += same
        assert (one_caller(str(first)) == one_caller(second.exploded.upper())) is same
        assert spelled_address(first.exploded) == str(first)
    assert 4_000 < together < 6_000


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("localhost", None),
    ],
)
def test_a_place_is_no_address(address: str, place: str | None) -> None:
    assert near(address) == place
