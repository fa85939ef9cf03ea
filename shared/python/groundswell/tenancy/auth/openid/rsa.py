"""RS256 (RFC 7518 §3.3) with what Python has: checking a signature needs no secret, so nothing can leak from it.

The package `cryptography` would add 5 MB to every function's layer for these lines.
"""

import hmac
from hashlib import sha256

_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""DER of DigestInfo, up to the digest (RFC 8017 §9.2, note 1)."""
_SMALLEST_BITS = 2048


def is_genuine(signed: bytes, signature: bytes, modulus: int, exponent: int) -> bool:
    """RFC 8017 §8.2.2. The expected block is built and compared whole: parsing it is how forgeries got through."""
    size = (modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature)
    if modulus.bit_length() < _SMALLEST_BITS or len(signature) != size or number >= modulus or exponent < 3:
        return False
    info = _SHA256 + sha256(signed).digest()
    expected = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    return hmac.compare_digest(pow(number, exponent, modulus).to_bytes(size), expected)
