"""Google's service accounts: a signed claim becomes an access token (RFC 7523), and nobody has to consent.

https://developers.google.com/identity/protocols/oauth2/service-account. Signed with what Python has: the package
`cryptography` would add 5 MB to every function's layer.
"""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from secrets import randbelow
from time import time

_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""DER of DigestInfo, up to the digest (RFC 8017 §9.2, note 1)."""
_SECONDS = 3600
_KEPT = ("client_email", "private_key", "private_key_id")
_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04


def key_of(text: str) -> str:
    """What is needed of a key file, on one line. Raises ValueError for what is none."""
    content = json.loads(text)
    if not isinstance(content, dict) or not all(isinstance(content.get(name), str) for name in _KEPT[:2]):
        raise ValueError("no key file of a service account")
    _numbers(content["private_key"])
    return json.dumps({name: content[name] for name in _KEPT if name in content}, separators=(",", ":"))


def assertion(key: str, scope: str, audience: str) -> str:
    """A JWT that says who asks for which scope, for an hour from now."""
    account, now = json.loads(key), int(time())
    header = {"alg": "RS256", "typ": "JWT", "kid": account.get("private_key_id", "")}
    claims = {"iss": account["client_email"], "scope": scope, "aud": audience, "iat": now, "exp": now + _SECONDS}
    signed = b".".join(_url64(json.dumps(part).encode()) for part in (header, claims))
    return (signed + b"." + _url64(_signature(signed, account["private_key"]))).decode()


def _signature(text: bytes, pem: str) -> bytes:
    """RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.1), blinded: how long it takes says nothing of the key."""
    modulus, exponent, secret = _numbers(pem)
    size = (modulus.bit_length() + 7) // 8
    info = _SHA256 + sha256(text).digest()
    block = int.from_bytes(b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info)
    mask = 2 + randbelow(modulus - 2)
    masked = pow(block * pow(mask, exponent, modulus) % modulus, secret, modulus)
    return (masked * pow(mask, -1, modulus) % modulus).to_bytes(size)


def _numbers(pem: str) -> tuple[int, int, int]:
    """Modulus, public and private exponent of a PKCS #8 key (RFC 5208, RFC 8017 §A.1.2). Raises ValueError."""
    lines = [line.strip() for line in pem.strip().splitlines()]
    if len(lines) < 3 or "PRIVATE KEY" not in lines[0]:
        raise ValueError("no private key")
    [outer] = _elements(b64decode("".join(lines[1:-1]), validate=True), _SEQUENCE)
    [inner] = _elements(outer, _OCTETS)
    [key] = _elements(inner, _SEQUENCE)
    _, modulus, exponent, secret, *_ = (int.from_bytes(integer) for integer in _elements(key, _INTEGER))
    return modulus, exponent, secret


def _elements(der: bytes, tag: int) -> Iterator[bytes]:
    """The contents of those of that tag, one after the other (X.690 §8.1). Raises ValueError."""
    at = 0
    while at + 2 <= len(der):
        element_tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(der[at : at + count]), at + count
        if at + length > len(der):
            raise ValueError("no DER")
        if element_tag == tag:
            yield der[at : at + length]
        at += length


def _url64(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")
