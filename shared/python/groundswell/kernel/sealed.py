"""Text that carries what it says and proof that we said it: 16 bytes of HMAC-SHA256 before the body, in base64url."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256

_MAC = 16


@dataclass(frozen=True)
class Sealed:
    body: bytes
    mac: bytes

    def genuine(self, secret: bytes, purpose: bytes) -> bool:
        """Whether it was sealed with this secret for this purpose."""
        return hmac.compare_digest(self.mac, _code(secret, purpose, self.body))


def seal(body: bytes, secret: bytes, purpose: bytes) -> str:
    return _encode(_code(secret, purpose, body) + body)


def read_sealed(text: str) -> Sealed:
    """What it says, unproven. Raises ValueError for what is no such text; each has one spelling only."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except Base64Error as error:
        raise ValueError(str(error)) from error
    # Base64 has spare bits in its last character: only the one spelling we gave out is accepted.
    if _encode(raw) != text:
        raise ValueError("not the one spelling")
    return Sealed(raw[_MAC:], raw[:_MAC])


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _code(secret: bytes, purpose: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, purpose + b"\0" + body, sha256)[:_MAC]
