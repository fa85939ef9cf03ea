"""Setting a second factor up, confirming that it works, and removing it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from groundswell.access.model import Caller
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid
from groundswell.tenancy.auth.events import by_caller
from groundswell.tenancy.auth.factor import (
    Codes,
    Sealing,
    SecondFactor,
    TotpEnabled,
    TotpNotSetUp,
    WrongCode,
    new_recovery_codes,
    seal_context,
)
from groundswell.tenancy.auth.model import Credential
from groundswell.tenancy.auth.totp import SECRET_BYTES, otpauth_uri, spell_secret


class FactorStore(Protocol):
    def find(self, email: str) -> SecondFactor | None: ...

    def save(self, factor: SecondFactor, entry: Entry | None = None) -> None:
        """Raises PreconditionFailed if someone else wrote first."""

    def remove(self, factor: SecondFactor, entry: Entry) -> None: ...


class Credentials(Protocol):
    def credential(self, email: str) -> Credential | None: ...


class PasswordMatching(Protocol):
    def matches(self, password: str, password_hash: str | None) -> bool: ...


@dataclass(frozen=True)
class Setup:
    """What the app needs, shown this once: the secret in base32, and the URI that a QR code shows."""

    secret: str
    otpauth_uri: str


class FactorService:
    def __init__(
        self,
        store: FactorStore,
        credentials: Credentials,
        passwords: PasswordMatching,
        sealer: Sealing,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._passwords = passwords
        self._sealer = sealer
        self._now = now
        self._random_bytes = random_bytes

    def set_up(self, caller: Caller) -> Setup:
        """A new secret, which counts for nothing until confirmed. Raises TotpEnabled."""
        old = self._store.find(caller.email)
        if old is not None and old.is_enabled:
            raise TotpEnabled
        secret = self._random_bytes(SECRET_BYTES)
        factor = SecondFactor(
            email=caller.email,
            user_id=caller.user_id,
            sealed_secret=self._sealer.seal(secret, seal_context(caller.user_id)),
            created_at=self._now(),
            version=old.version if old else 0,
        )
        self._store.save(factor)
        return Setup(spell_secret(secret), otpauth_uri(secret, caller.email))

    def confirm(self, caller: Caller, code: str) -> tuple[str, ...]:
        """Enable it. Returns the recovery codes, which exist this once. Raises Invalid (`code`), TotpNotSetUp."""
        factor = self._store.find(caller.email)
        if factor is None:
            raise TotpNotSetUp
        if factor.is_enabled:
            raise TotpEnabled
        recovery_codes = new_recovery_codes(self._random_bytes)
        try:
            confirmed = factor.confirm(code, recovery_codes, self._sealer, self._now())
        except WrongCode as error:
            raise _wrong("code") from error
        self._store.save(confirmed, by_caller(caller, "totp.enabled"))
        return recovery_codes

    def remove(self, caller: Caller, password: str, code: str) -> None:
        """`code` is the app's, or a recovery code. Raises Invalid (`password`, `code`), TotpNotSetUp."""
        factor = self._store.find(caller.email)
        if factor is None or not factor.is_enabled:
            raise TotpNotSetUp
        credential = self._credentials.credential(caller.email)
        if not self._passwords.matches(password, credential.password_hash if credential else None):
            raise _wrong("password")
        codes = Codes(totp=code) if code.isdecimal() else Codes(recovery=code)
        try:
            factor.spend(codes, self._sealer, self._now())
        except WrongCode as error:
            raise _wrong("code") from error
        self._store.remove(factor, by_caller(caller, "totp.disabled"))


def _wrong(field: str) -> Invalid:
    """400 and not 401, which would tell clients that the session is over."""
    return Invalid.on(field, "is wrong", "wrong")
