"""Signing in and staying signed in: password, second factor, refresh rotation with reuse detection, logout."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import Caller, InvalidToken
from groundswell.audit.model import ANONYMOUS, PLATFORM, Entry
from groundswell.kernel.clock import millis
from groundswell.tenancy.auth.backoff import PROVEN, STRANGERS, Tries, one_by_one
from groundswell.tenancy.auth.events import about, by_caller, by_user
from groundswell.tenancy.auth.factor import Codes, Sealing, SecondFactor, TotpRequired, WrongCode
from groundswell.tenancy.auth.known import DeviceTokens
from groundswell.tenancy.auth.model import (
    REUSE_GRACE,
    SESSION_LIFETIME,
    Credential,
    EmailNotVerified,
    RefreshClaims,
    RefreshRefused,
    Session,
    TokenPair,
    User,
    WrongCredentials,
)


@dataclass(frozen=True)
class Known:
    """What is known of an address: its account, if any, and the tries counted against it in the lanes looked at."""

    email: str
    credential: Credential | None = None
    factor: SecondFactor | None = None
    tries: tuple[Tries, ...] = ()

    def tries_in(self, lane: str) -> Tries:
        return next((tries for tries in self.tries if tries.lane == lane), Tries(self.email, lane))


@dataclass(frozen=True)
class Admission:
    """A sign-in that succeeded. It holds only while credential, factor, tries are what was read and the user is active.

    The tries are forgotten with it, `rehashed` replaces the credential, `spent` the factor.
    """

    session: Session
    entries: tuple[Entry, ...]
    tries: Tries
    credential: Credential | None
    rehashed: Credential | None = None
    spent: SecondFactor | None = None


class SignInStore(Protocol):
    def look_up(self, email: str, lanes: Sequence[str]) -> Known: ...

    def refuse(self, tries: Tries, at_ms: int, entry: Entry) -> None:
        """Count a failure on top of these and note it, together. Raises Overtaken."""

    def confirm(self, tries: Tries) -> None:
        """Raises Overtaken when others were counted since these were read."""

    def admit(self, admission: Admission) -> None:
        """All of it or nothing. Raises Overtaken; WrongCredentials, WrongCode when password or code were used up
        meanwhile."""


class UserFinder(Protocol):
    def find(self, user_id: str) -> User | None: ...


class SessionStore(Protocol):
    def find(self, user_id: str, session_id: str) -> Session | None: ...

    def rotate(self, session: Session, new: str, now: datetime) -> bool:
        """Make `new` the current token; False when the session's current one is not what was read."""

    def end(self, user_id: str, session_ids: Sequence[str], entry: Entry | None) -> None: ...

    def of_user(self, user_id: str) -> tuple[Session, ...]: ...


class PasswordChecking(Protocol):
    def hash(self, password: str) -> str: ...

    def matches(self, password: str, password_hash: str | None) -> bool: ...

    def is_outdated(self, password_hash: str) -> bool: ...


class TokenMaker(Protocol):
    def pair(self, user: User, session: Session) -> TokenPair: ...

    def read_refresh(self, token: str) -> RefreshClaims: ...


@dataclass(frozen=True)
class Device:
    """Where a sign-in comes from, for the list of sessions; `token` is what it was given at the last one."""

    user_agent: str
    ip: str
    token: str | None = None


@dataclass(frozen=True)
class _Approach:
    """Somebody at the door: what is known of the address, which tries count, and the device that they come from."""

    known: Known
    tries: Tries
    device: Device
    device_id: str


class SignInService:
    def __init__(
        self,
        store: SignInStore,
        users: UserFinder,
        sessions: SessionStore,
        passwords: PasswordChecking,
        tokens: TokenMaker,
        devices: DeviceTokens,
        sealer: Sealing,
        require_verification: bool,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._users = users
        self._sessions = sessions
        self._passwords = passwords
        self._tokens = tokens
        self._devices = devices
        self._sealer = sealer
        self._require_verification = require_verification
        self._now = now
        self._new_id = new_id

    def login(self, email: str, password: str, device: Device, codes: Codes) -> tuple[User, TokenPair]:
        """Four AWS calls with the rate limit's, five with an app's code. The same ones for known and unknown addresses.

        Raises WrongCredentials, TotpRequired, WrongCode, EmailNotVerified, RateLimited after failures in a row.
        """
        return one_by_one(lambda: self._login(self._approach(email, device, STRANGERS), password, codes))

    def enter(self, user: User, device: Device, codes: Codes, method: str) -> tuple[User, TokenPair]:
        """For somebody whom `method` has identified. Raises what `login` raises but for WrongCredentials."""
        return one_by_one(lambda: self._enter(user, self._approach(user.email, device, PROVEN), codes, method))

    def _approach(self, email: str, device: Device, lane: str) -> _Approach:
        claimed = self._devices.read(device.token)
        known = self._store.look_up(email, (lane, claimed.lane) if claimed else (lane,))
        trusted = claimed is not None and claimed.knows(known.credential)
        tries = known.tries_in(claimed.lane if claimed and trusted else lane)
        tries.refuse_while_waiting(self._now())
        return _Approach(known, tries, device, claimed.id if claimed and trusted else self._new_id())

    def _login(self, at: _Approach, password: str, codes: Codes) -> tuple[User, TokenPair]:
        credential = at.known.credential
        user = self._users.find(credential.user_id if credential else "nobody")
        genuine = self._passwords.matches(password, credential.password_hash if credential else None)
        if credential is None or user is None or not genuine or not user.is_active:
            self._refuse(user, at.tries, "account disabled" if genuine else "wrong password")
            raise WrongCredentials
        rehashed = None
        if self._passwords.is_outdated(credential.password_hash):
            rehashed = replace(credential, password_hash=self._passwords.hash(password))
        return self._enter(user, at, codes, "password", rehashed)

    def _enter(
        self, user: User, at: _Approach, codes: Codes, method: str, rehashed: Credential | None = None
    ) -> tuple[User, TokenPair]:
        spent = self._admitted_with(user, at, codes)
        session = self._session(user, at.device)
        entries = [by_user(user, "user.signed_in", method=method, session=session.id)]
        if spent and codes.totp is None:
            entries.append(by_user(user, "recovery_code.used", left=str(len(spent.recovery_hashes))))
        # Failures are forgotten only now: a right password must not make guesses at the code free again.
        self._store.admit(Admission(session, tuple(entries), at.tries, at.known.credential, rehashed, spent))
        pair = self._tokens.pair(user, session)
        credential = rehashed or at.known.credential
        if credential:
            pair = replace(pair, device_token=self._devices.issue(at.device_id, credential))
        return user.admitted(session.created_at), pair

    def _admitted_with(self, user: User, at: _Approach, codes: Codes) -> SecondFactor | None:
        """The factor with the code used up; None for an account without one. That the password is right is told
        by these refusals, too: not to somebody who tried a hundred at once."""
        if self._require_verification and not user.is_verified:
            self._store.confirm(at.tries)
            raise EmailNotVerified
        factor = at.known.factor
        if factor is None or not factor.is_enabled:
            return None
        try:
            return factor.spend(codes, self._sealer, self._now())
        except TotpRequired:
            self._store.confirm(at.tries)
            raise
        except WrongCode:
            self._refuse(user, at.tries, "wrong code")
            raise

    def _refuse(self, user: User | None, tries: Tries, reason: str) -> None:
        entry = about(user, tries.email, "user.sign_in_failed", reason=reason)
        self._store.refuse(tries, millis(self._now()), entry)

    def _session(self, user: User, device: Device) -> Session:
        now = self._now()
        return Session(
            user_id=user.id,
            id=self._new_id(),
            current=self._new_id(),
            previous=None,
            rotated_at=now,
            ends_at=now + SESSION_LIFETIME,
            created_at=now,
            user_agent=device.user_agent[:300],
            ip=device.ip,
        )

    def refresh(self, token: str) -> tuple[User, TokenPair]:
        """A new pair. The immediate predecessor gets the same pair for 10 s; an older one ends the whole session
        (RFC 9700 §4.14).

        Raises RefreshRefused.
        """
        try:
            claims = self._tokens.read_refresh(token)
        except InvalidToken as error:
            raise RefreshRefused from error
        session = self._rotated(claims)
        user = self._users.find(claims.user_id)
        if user is None or not user.is_active:
            raise RefreshRefused
        return user, self._tokens.pair(user, session)

    def _rotated(self, claims: RefreshClaims) -> Session:
        now = self._now()
        session = self._living(claims, now)
        if claims.token_id == session.current:
            new = self._new_id()
            if self._sessions.rotate(session, new, now):
                return replace(session, previous=session.current, current=new, rotated_at=now)
            session = self._living(claims, now)  # someone else rotated it at the same moment
        if claims.token_id == session.previous and now <= session.rotated_at + REUSE_GRACE:
            return session
        self._end_reused(session)
        raise RefreshRefused

    def _end_reused(self, session: Session) -> None:
        user = self._users.find(session.user_id)
        org_id, target = user.org_id if user else PLATFORM, f"session:{session.id}"
        entry = Entry(org_id, "session.reuse_detected", ANONYMOUS, target, {"user": session.user_id})
        self._sessions.end(session.user_id, (session.id,), entry)

    def _living(self, claims: RefreshClaims, now: datetime) -> Session:
        session = self._sessions.find(claims.user_id, claims.session_id)
        if session is None or session.ends_at <= now:
            raise RefreshRefused
        return session

    def logout(self, caller: Caller, *, everywhere: bool) -> int:
        """End this session, or all of the user's. Returns how many ended."""
        ids = [caller.session_id]
        if everywhere:
            ids = [session.id for session in self._sessions.of_user(caller.user_id)]
        entry = by_caller(caller, "user.signed_out", f"session:{caller.session_id}", sessions=str(len(ids)))
        self._sessions.end(caller.user_id, ids, entry)
        return len(ids)
