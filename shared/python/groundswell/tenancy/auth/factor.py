"""The second factor: an authenticator app's secret, and one-time recovery codes for when the app is gone."""

from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from groundswell.kernel.errors import Conflict, Forbidden, Unauthenticated
from groundswell.tenancy.auth.totp import matching_step

RECOVERY_CODES = 10
_RECOVERY_BYTES = 10


class TotpRequired(Unauthenticated):
    code = "TOTP_REQUIRED"
    message = "This account has a second factor: send totp_code, or recovery_code, as well"


class WrongCode(Unauthenticated):
    code = "INVALID_TOTP_CODE"
    message = "The code is wrong, or was used before"


class TotpEnabled(Conflict):
    code = "TOTP_ENABLED"
    message = "This account has a second factor already: remove it first"


class TotpNotSetUp(Conflict):
    code = "TOTP_NOT_SET_UP"
    message = "There is no second factor to confirm or remove: POST /auth/2fa/setup begins"


class SignInAgain(Forbidden):
    code = "RECENT_SIGN_IN_REQUIRED"
    message = "Send your password, or sign in again: your last sign-in is more than five minutes old"


RECENT = timedelta(minutes=5)
"""How long a sign-in stands in for the password."""


class Sealing(Protocol):
    """Keeps a secret so that only we can read it; see `storage.sealing`."""

    def seal(self, plain: bytes, context: Mapping[str, str]) -> str: ...

    def open(self, sealed: str, context: Mapping[str, str]) -> bytes: ...


def seal_context(user_id: str) -> Mapping[str, str]:
    return {"user": user_id, "use": "totp"}


@dataclass(frozen=True)
class Codes:
    """What a sign-in brings beside the password."""

    totp: str | None = None
    recovery: str | None = None

    def __bool__(self) -> bool:
        return self.totp is not None or self.recovery is not None


@dataclass(frozen=True)
class SecondFactor:
    """Of the account with that address. It counts once confirmed.

    `sealed_secret` opens with `context` only. `last_step` is the newest time step whose code was used: no code works
    twice. `recovery_hashes` are those left.
    """

    email: str
    user_id: str
    sealed_secret: str
    created_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0
    recovery_hashes: tuple[str, ...] = ()
    version: int = 0

    @property
    def is_enabled(self) -> bool:
        return self.confirmed_at is not None

    @property
    def context(self) -> Mapping[str, str]:
        return seal_context(self.user_id)

    def spend(self, codes: Codes, sealer: Sealing, now: datetime) -> "SecondFactor":
        """The factor after these codes were used. Raises TotpRequired without any, WrongCode."""
        if codes.totp is not None:
            return self._spend_totp(codes.totp, sealer, now)
        if codes.recovery is None:
            raise TotpRequired
        spent = hash_recovery_code(codes.recovery)
        if spent not in self.recovery_hashes:
            raise WrongCode
        return replace(self, recovery_hashes=tuple(digest for digest in self.recovery_hashes if digest != spent))

    def confirm(self, code: str, recovery_codes: tuple[str, ...], sealer: Sealing, now: datetime) -> "SecondFactor":
        """Raises WrongCode."""
        hashes = tuple(hash_recovery_code(code) for code in recovery_codes)
        return replace(self._spend_totp(code, sealer, now), confirmed_at=now, recovery_hashes=hashes)

    def _spend_totp(self, code: str, sealer: Sealing, now: datetime) -> "SecondFactor":
        step = matching_step(sealer.open(self.sealed_secret, self.context), code, now, self.last_step)
        if step is None:
            raise WrongCode
        return replace(self, last_step=step)


def new_recovery_codes(random_bytes: Callable[[int], bytes]) -> tuple[str, ...]:
    """Ten of 80 random bits each, spelled `abcd-efgh-ijkl-mnop`."""
    texts = (b32encode(random_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES))
    return tuple("-".join(text[at : at + 4] for at in range(0, len(text), 4)) for text in texts)


def hash_recovery_code(code: str) -> str:
    """80 random bits: a fast hash is right. Case, spaces and hyphens are the reader's."""
    return sha256("".join(code.lower().split()).replace("-", "").encode()).hexdigest()
