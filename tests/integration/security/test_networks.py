"""A whole /64 of IPv6 is one caller, however its addresses are spelled."""

from uuid import uuid4

from tests.people import PASSWORD, new_email

NETWORK = "2001:db8:{:x}:2:"


def sign_in(gateway, ip):
    """Every time as somebody else: that nobody guesses one account's password is another limit."""
    return gateway.post("/auth/login", {"email": new_email(), "password": PASSWORD}, ip=ip).status


def test_one_host_does_not_multiply_its_limit_by_the_addresses_it_has(gateway) -> None:
    network = NETWORK.format(uuid4().int % 2**16)
    spelled = [f"{network}:{host:x}" for host in range(18)]
    spelled += [f"{network.upper()}ffff:ffff:ffff:ffff", f"{network}0000:0000:0000:0001"]

    answers = [sign_in(gateway, ip) for ip in (*spelled, f"{network}1:2:3:4")]

    assert answers == [401] * 20 + [429]
    assert sign_in(gateway, network.replace(":2:", ":3::1")) == 401


def test_ipv4_in_ipv6_is_ipv4(gateway) -> None:
    ip = f"198.51.100.{uuid4().int % 256}"

    answers = [sign_in(gateway, address) for address in (ip, f"::ffff:{ip}") * 10 + (ip,)]

    assert answers == [401] * 20 + [429]


def test_an_anonymous_repeat_is_known_from_the_next_address_of_its_network(gateway) -> None:
    network, key = NETWORK.format(uuid4().int % 2**16), str(uuid4())
    form = {"email": new_email(), "password": PASSWORD, "name": "Ada Lovelace"}

    first = gateway.post("/auth/register", form, ip=f"{network}:1", headers={"idempotency-key": key})
    again = gateway.post("/auth/register", form, ip=f"{network}:2", headers={"idempotency-key": key})

    assert (first.status, again.status) == (201, 201)
    assert again.data["id"] == first.data["id"]
