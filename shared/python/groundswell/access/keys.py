"""API keys: `gp_live_<public id>_<secret>`. Standard library only; the hot path imports nothing heavier.

The secret has 256 bits of randomness, so a fast hash is right: there is nothing to guess.
"""

import hmac
import re
from typing import NamedTuple

from groundswell.kernel.ids import hash_secret

PREFIX = "gp_live_"
_KEY = re.compile(PREFIX + r"([A-Za-z0-9]{12,40})_([A-Za-z0-9\-_]{32,64})")


class KeyParts(NamedTuple):
    public_id: str
    secret: str


def parse(key: str) -> KeyParts | None:
    """The parts of a key, or None when it cannot be one of ours."""
    match = _KEY.fullmatch(key)
    return KeyParts(match[1], match[2]) if match else None


def spell(public_id: str, secret: str) -> str:
    return f"{PREFIX}{public_id}_{secret}"


def matches(secret: str, secret_hash: str) -> bool:
    return hmac.compare_digest(hash_secret(secret), secret_hash)
