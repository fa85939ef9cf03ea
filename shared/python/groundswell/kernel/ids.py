"""Identifiers: opaque, time-ordered, unguessable where it matters."""

import re
import secrets
import time
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from groundswell.kernel.clock import millis

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def new_id() -> str:
    """A UUIDv7 (RFC 9562 §5.7) in its usual spelling: 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(secrets.token_bytes(10))
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    digits = f"{value:032x}"  # `UUID` would take three times as long to say the same
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def first_id_at(moment: datetime) -> str:
    """Smaller than every id of that millisecond or later: ids sort by time."""
    return str(UUID(int=millis(moment) << 80))


def can_be_id(text: str) -> bool:
    """Whether it is worth looking up: DynamoDB refuses keys over 2 KB, and no id of ours looks otherwise."""
    return _ID.fullmatch(text) is not None


def hash_secret(secret: str) -> str:
    """Hex SHA-256, the only form in which a secret is stored. It has 256 random bits: a fast hash is right."""
    return sha256(secret.encode()).hexdigest()


def new_secret(size: int = 32) -> str:
    """`size` random bytes, base64url without padding."""
    return secrets.token_urlsafe(size)
