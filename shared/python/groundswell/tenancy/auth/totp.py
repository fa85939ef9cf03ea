"""Time-based one-time passwords (RFC 6238 over RFC 4226): SHA-1, six digits, 30 s, what every authenticator app does.

Ours, because it is these lines; what is hard about a second factor (replay, backoff, secrecy) no package does for us.
"""

import hmac
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
"""RFC 4226 §4: 160 bits, the length of the hash."""
_ISSUER = "Groundswell"


def code_at(secret: bytes, step: int) -> str:
    """RFC 4226 §5.3."""
    mac = hmac.digest(secret, step.to_bytes(8), "sha1")
    offset = mac[-1] & 0xF
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """The step whose code this is: now's, or one beside it (clocks drift), but only a step later than `after`."""
    current = int(now.timestamp()) // STEP_SECONDS
    match = None
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            match = step
    return match


def spell_secret(secret: bytes) -> str:
    """Base32, as people type it into an app. Without padding, which some apps refuse."""
    return b32encode(secret).decode().rstrip("=")


def otpauth_uri(secret: bytes, email: str) -> str:
    """What the QR code shows (Key URI Format of google-authenticator)."""
    label = quote(f"{_ISSUER}:{email}", safe="")
    return (
        f"otpauth://totp/{label}?secret={spell_secret(secret)}&issuer={_ISSUER}"
        f"&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )
