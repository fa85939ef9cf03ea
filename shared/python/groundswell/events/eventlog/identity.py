"""What tells two events apart: 64 bits of their id, kind, name and whom they are of, keyed by the tenant.

A repeat has all of them the same. One id on different events is a sender's mistake that costs none of them. No time is
among them: some SDKs change it when they send again.
"""

import re
from hashlib import blake2b
from typing import NamedTuple

SIZE = 8
"""Ten million ids in one window collide with a chance of three in a million; 2^-64 for any given pair."""


_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_UUID_LENGTH = 36


def fact_digest(client_id: str, fact: str) -> bytes:
    """The same for what an event reports of a chain; never that of an id."""
    key = client_id.encode()[:64]
    return blake2b(fact.encode("utf-8", "surrogatepass"), digest_size=SIZE, key=key, person=b"fact").digest()


class Marks(NamedTuple):
    """By which an event is told apart."""

    id: str
    kind: str
    name: str
    user_id: str | None
    anonymous_id: str | None


def digest(client_id: str, marks: Marks) -> bytes:
    """A UUID is the same whatever its capitals (RFC 9562); other ids differ by them."""
    event_id, kind, name, user, visitor = marks
    texts = (_one_spelling(event_id), kind, name, _one_spelling(user or ""), _one_spelling(visitor or ""))
    told_apart = f"{' '.join(str(len(text)) for text in texts)} {''.join(texts)}"
    return blake2b(told_apart.encode("utf-8", "surrogatepass"), digest_size=SIZE, key=client_id.encode()[:64]).digest()


def _one_spelling(text: str) -> str:
    return text.lower() if len(text) == _UUID_LENGTH and _UUID.fullmatch(text) else text
