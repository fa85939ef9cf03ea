"""What tells two events apart: 64 bits of their id, keyed by the tenant."""

from hashlib import blake2b

SIZE = 8
"""Ten million ids in one window collide with a chance of three in a million; 2^-64 for any given pair."""


def fact_digest(client_id: str, fact: str) -> bytes:
    """The same for what an event reports of a chain; never that of an id."""
    key = client_id.encode()[:64]
    return blake2b(fact.encode("utf-8", "surrogatepass"), digest_size=SIZE, key=key, person=b"fact").digest()


def digest(client_id: str, event_id: str) -> bytes:
    return blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=SIZE, key=client_id.encode()[:64]).digest()
