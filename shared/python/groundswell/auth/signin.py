"""Signing in and staying signed in: password, refresh rotation with reuse detection (RFC 9700 §4.14), logout."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import Caller, InvalidToken
from groundswell.auth.model import (
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
from groundswell.kernel.errors import Quota, RateLimited

_FREE_FAILURES = 20  # what one address may try in a minute anyway: this is for guesses from many addresses
_LONGEST_WAIT = 900


class SignInStore(Protocol):
    def look_up(self, email: str) -> tuple[Credential | None, int, int]:
        """(credential, failures in a row, epoch ms of the last one)."""

    def count_failure(self, email: str, at_ms: int) -> None: ...

    def forget_failures(self, email: str) -> None: ...


class UserFinder(Protocol):
    def find(self, user_id: str) -> User | None: ...

    def save_credential(self, credential: Credential) -> None: ...


class SessionStore(Protocol):
    def add(self, session: Session) -> None: ...

    def find(self, user_id: str, session_id: str) -> Session | None: ...

    def rotate(self, session: Session, new: str, now: datetime) -> bool:
        """Make `new` the current token; False when the session's current one is not what was read."""

    def end(self, user_id: str, session_id: str) -> None: ...

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
    """Where a sign-in comes from, for the list of sessions."""

    user_agent: str
    ip: str


class SignInService:
    def __init__(
        self,
        store: SignInStore,
        users: UserFinder,
        sessions: SessionStore,
        passwords: PasswordChecking,
        tokens: TokenMaker,
        require_verification: bool,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._users = users
        self._sessions = sessions
        self._passwords = passwords
        self._tokens = tokens
        self._require_verification = require_verification
        self._now = now
        self._new_id = new_id

    def login(self, email: str, password: str, device: Device) -> tuple[User, TokenPair]:
        """Four AWS calls with the rate limit's. The same work and answer for known and unknown addresses.

        Raises WrongCredentials, EmailNotVerified, RateLimited after several failures in a row.
        """
        now = self._now()
        credential, failures, failed_at = self._store.look_up(email)
        _refuse_while_waiting(failures, failed_at, now)
        user = self._users.find(credential.user_id if credential else "nobody")
        genuine = self._passwords.matches(password, credential.password_hash if credential else None)
        if credential is None or user is None or not genuine or not user.is_active:
            self._store.count_failure(email, int(now.timestamp() * 1000))
            raise WrongCredentials
        if failures:
            self._store.forget_failures(email)
        if self._require_verification and not user.is_verified:
            raise EmailNotVerified
        if self._passwords.is_outdated(credential.password_hash):
            self._users.save_credential(replace(credential, password_hash=self._passwords.hash(password)))
        return user, self._begin(user, device)

    def _begin(self, user: User, device: Device) -> TokenPair:
        now = self._now()
        session = Session(
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
        self._sessions.add(session)
        return self._tokens.pair(user, session)

    def refresh(self, token: str) -> tuple[User, TokenPair]:
        """A new pair. The immediate predecessor gets the same pair for 10 s; an older one ends the whole session.

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
        self._sessions.end(session.user_id, session.id)
        raise RefreshRefused

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
        for session_id in ids:
            self._sessions.end(caller.user_id, session_id)
        return len(ids)


def _refuse_while_waiting(failures: int, failed_at_ms: int, now: datetime) -> None:
    """From the twentieth failure in a row on, wait 1, 2, 4 … s, at most 15 minutes, whoever asks."""
    if failures < _FREE_FAILURES:
        return
    wait = min(_LONGEST_WAIT, 2 ** min(failures - _FREE_FAILURES, 10))
    left = failed_at_ms / 1000 + wait - now.timestamp()
    if left > 0:
        raise RateLimited(Quota("auth.login.account", _FREE_FAILURES, wait, 0, int(left) + 1))
