"""Whether a message is Amazon SNS's own ("Verifying the signatures of Amazon SNS messages", versions 1 and 2)."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import urlsplit

_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?")
_FIELDS = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_PREFIXES = {
    "1": (sha1, bytes.fromhex("3021300906052b0e03021a05000414")),
    "2": (sha256, bytes.fromhex("3031300d060960864801650304020105000420")),
}
"""Hashes, and what stands before them in a signature (RFC 8017 §9.2)."""
_RSA = bytes.fromhex("06092a864886f70d010101")


def is_amazons(url: str) -> bool:
    """An address that only SNS answers at."""
    parts = urlsplit(url)
    return parts.scheme == "https" and _HOST.fullmatch(parts.netloc) is not None


def signed(message: Mapping[str, Any]) -> bytes:
    """What the signature is over. Raises ValueError for a kind of message that there is not."""
    fields = _FIELDS.get(str(message.get("Type")))
    if fields is None:
        raise ValueError("no message of SNS")
    return "".join(f"{name}\n{message[name]}\n" for name in fields if message.get(name) is not None).encode()


def genuine(message: Mapping[str, Any], certificate: str) -> bool:
    """`certificate` is PEM, from the message's `SigningCertURL`."""
    try:
        modulus, exponent = _public_key(_der(certificate))
        signature = b64decode(str(message.get("Signature", "")), validate=True)
        digest, prefix = _PREFIXES[str(message.get("SignatureVersion", "1"))]
        content = signed(message)
    except (ValueError, KeyError, IndexError, Base64Error):
        return False
    size = (modulus.bit_length() + 7) // 8
    ending = prefix + digest(content).digest()
    wanted = b"\x00\x01" + b"\xff" * (size - 3 - len(ending)) + b"\x00" + ending
    return len(signature) == size and pow(int.from_bytes(signature), exponent, modulus).to_bytes(size) == wanted


def _der(pem: str) -> bytes:
    body = pem.partition("-----BEGIN CERTIFICATE-----")[2].partition("-----END CERTIFICATE-----")[0]
    return b64decode("".join(body.split()), validate=True)


def _public_key(certificate: bytes) -> tuple[int, int]:
    """(modulus, exponent) of the certificate's RSA key: two integers in the bit string behind its algorithm."""
    place = certificate.index(_RSA) + len(_RSA) + 2  # and NULL
    tag, content = next(_parts(certificate[place:]))
    if tag != 3:
        raise ValueError("no key")
    _, sequence = next(_parts(content[1:]))
    numbers = [int.from_bytes(octets) for tag, octets in _parts(sequence) if tag == 2]
    return numbers[0], numbers[1]


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and contents, one after the other."""
    place = 0
    while place < len(der):
        tag, size, place = der[place], der[place + 1], place + 2
        if size & 0x80:
            count = size & 0x7F
            size, place = int.from_bytes(der[place : place + count]), place + count
        yield tag, der[place : place + size]
        place += size
