"""Setting a second factor up, confirming that it works, and removing it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from groundswell.access.model import Caller
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid
from groundswell.kernel.message import Message
from groundswell.tenancy.auth.events import by_caller
from groundswell.tenancy.auth.factor import (
    RECENT,
    Codes,
    Sealing,
    SecondFactor,
    SignInAgain,
    TotpEnabled,
    TotpNotSetUp,
    WrongCode,
    new_recovery_codes,
    seal_context,
)
from groundswell.tenancy.auth.mails import FACTOR_ADDED, FACTOR_REMOVED, factor_mail
from groundswell.tenancy.auth.model import Credential, Session, User
from groundswell.tenancy.auth.totp import SECRET_BYTES, otpauth_uri, spell_secret


class FactorStore(Protocol):
    def find(self, email: str) -> SecondFactor | None: ...

    def save(self, factor: SecondFactor, entry: Entry | None = None, message: Message | None = None) -> None:
        """Raises PreconditionFailed if someone else wrote first."""

    def remove(self, factor: SecondFactor, entry: Entry, message: Message) -> None: ...


class Accounts(Protocol):
    def find(self, user_id: str) -> User | None: ...

    def credential(self, email: str) -> Credential | None: ...


class Sessions(Protocol):
    def find(self, user_id: str, session_id: str) -> Session | None: ...


class PasswordMatching(Protocol):
    def matches(self, password: str, password_hash: str | None) -> bool: ...


@dataclass(frozen=True)
class Setup:
    """What the app needs, shown this once: the secret in base32, and the URI that a QR code shows."""

    secret: str
    otpauth_uri: str


class FactorService:
    """An access token alone changes nothing here: whoever stole one could lock its owner out for good."""

    def __init__(
        self,
        store: FactorStore,
        accounts: Accounts,
        sessions: Sessions,
        passwords: PasswordMatching,
        sealer: Sealing,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._sessions = sessions
        self._passwords = passwords
        self._sealer = sealer
        self._now = now
        self._new_id = new_id
        self._random_bytes = random_bytes

    def set_up(self, caller: Caller, password: str | None) -> Setup:
        """A new secret, which counts for nothing until confirmed. Without a password, for who has just signed in.

        Raises Invalid (`password`), SignInAgain, TotpEnabled.
        """
        self._prove(caller, password)
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
        self._store.save(confirmed, by_caller(caller, "totp.enabled"), self._notice(caller, FACTOR_ADDED))
        return recovery_codes

    def remove(self, caller: Caller, password: str | None, code: str) -> None:
        """`code` is the app's, or a recovery code. Without a password, for who has just signed in.

        Raises Invalid (`password`, `code`), SignInAgain, TotpNotSetUp.
        """
        factor = self._store.find(caller.email)
        if factor is None or not factor.is_enabled:
            raise TotpNotSetUp
        self._prove(caller, password)
        codes = Codes(totp=code) if code.isdecimal() else Codes(recovery=code)
        try:
            factor.spend(codes, self._sealer, self._now())
        except WrongCode as error:
            raise _wrong("code") from error
        self._store.remove(factor, by_caller(caller, "totp.disabled"), self._notice(caller, FACTOR_REMOVED))

    def _prove(self, caller: Caller, password: str | None) -> None:
        if password is None:
            session = self._sessions.find(caller.user_id, caller.session_id)
            if session is None or session.created_at + RECENT < self._now():
                raise SignInAgain
            return
        credential = self._accounts.credential(caller.email)
        if not self._passwords.matches(password, credential.password_hash if credential else None):
            raise _wrong("password")

    def _notice(self, caller: Caller, what: str) -> Message:
        user = self._accounts.find(caller.user_id)
        return factor_mail(self._new_id(), caller.email, user.first_name if user else "", what).to_message()


def _wrong(field: str) -> Invalid:
    """400 and not 401, which would tell clients that the session is over."""
    return Invalid.on(field, "is wrong", "wrong")
