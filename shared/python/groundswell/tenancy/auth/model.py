"""Users, credentials, sessions, and the refusals that belong to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from groundswell.access.model import Role
from groundswell.kernel.errors import Conflict, Forbidden, Gone, NotFound, Unauthenticated
from groundswell.kernel.ids import hash_secret

ACCESS_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=7)
REUSE_GRACE = timedelta(seconds=10)
VERIFICATION_LIFETIME = timedelta(hours=48)
RESET_LIFETIME = timedelta(minutes=30)


class EmailTaken(Conflict):
    code = "EMAIL_TAKEN"
    message = "An account with this e-mail exists: sign in, or reset the password"


class WrongCredentials(Unauthenticated):
    code = "INVALID_CREDENTIALS"
    message = "E-mail or password is wrong"


class EmailNotVerified(Forbidden):
    code = "EMAIL_NOT_VERIFIED"
    message = "Confirm your e-mail first: POST /auth/verify/resend sends a new link"


class SignupClosed(Forbidden):
    code = "SIGNUP_CLOSED"
    message = "Sign-up is by invitation"


class RefreshRefused(Unauthenticated):
    code = "INVALID_REFRESH_TOKEN"
    message = "The refresh token is not valid any more: sign in again"


class LinkUsed(Gone):
    code = "LINK_EXPIRED"
    message = "This link is used up or has expired: ask for a new one"


class UserNotFound(NotFound):
    code = "USER_NOT_FOUND"
    message = "No such user"


@dataclass(frozen=True)
class User:
    """A person in one organization. `version` 0 means: not stored yet. `added_by` is the admin who entered the address,
    if the person did not."""

    id: str
    org_id: str
    email: str
    first_name: str
    last_name: str
    role: Role
    is_verified: bool
    is_active: bool
    created_at: datetime
    updated_at: datetime
    preferences: Mapping[str, str] = field(default_factory=dict)
    last_login: datetime | None = None
    added_by: str | None = None
    version: int = 0

    @property
    def holds_address(self) -> bool:
        """An address belongs to who confirmed it, or signed up with it: not to whom an admin entered, nor to an account
        that is closed."""
        return self.is_active and (self.is_verified or self.added_by is None)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def admitted(self, now: datetime) -> "User":
        """As it is stored once a sign-in has succeeded. No new version: it must not refuse a change under way."""
        return replace(self, last_login=now)

    def verified(self, now: datetime) -> "User":
        return replace(self, is_verified=True, updated_at=now)


@dataclass(frozen=True)
class Credential:
    """What an e-mail address signs in with. Its key makes the address unique. No hash (""): it has no password."""

    email: str
    user_id: str
    password_hash: str
    version: int = 0


@dataclass(frozen=True)
class Session:
    """One sign-in: a family of refresh tokens of which only the newest is good.

    `current` and `previous` are the ids (`jti`) of the newest refresh token and its predecessor, `rotated_at` the time
    the newest was given out. The session ends at `ends_at` whatever happens.
    """

    user_id: str
    id: str
    current: str
    previous: str | None
    rotated_at: datetime
    ends_at: datetime
    created_at: datetime
    user_agent: str
    ip: str


class Purpose(StrEnum):
    VERIFY = "verify"
    RESET = "reset"


@dataclass(frozen=True)
class Link:
    """A one-purpose token that was mailed; only its hash is kept. With a `password_hash` it brings the address to the
    user, from an account that does not hold it."""

    token_hash: str
    purpose: Purpose
    user_id: str
    email: str
    ends_at: datetime
    used_at: datetime | None = None
    password_hash: str | None = None
    version: int = 0

    @classmethod
    def decoy(cls, purpose: Purpose, token: str, ends_at: datetime) -> "Link":
        """Leads nowhere: written where there is nobody to write to, so that the answer costs what it always does."""
        return cls(hash_secret(token), purpose, "nobody", "nobody", ends_at)

    def good(self, purpose: Purpose, now: datetime) -> bool:
        return self.purpose is purpose and self.used_at is None and now < self.ends_at


@dataclass(frozen=True)
class TokenPair:
    """RFC 6749 §5.1. `expires_in` is the access token's lifetime in seconds. `device_token` came of a sign-in."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - a scheme's name, not a secret
    expires_in: int = int(ACCESS_LIFETIME.total_seconds())
    device_token: str | None = None


@dataclass(frozen=True)
class RefreshClaims:
    """What a genuine, unexpired refresh token says. `token_id` is its `jti`."""

    user_id: str
    session_id: str
    token_id: str


def first_and_last(name: str | None, first: str | None, last: str | None) -> tuple[str, str]:
    """As they were sent apart, else `name` split in two. Raises ValueError where there is neither."""
    if first:
        return first, last or ""
    if not name:
        raise ValueError("send name, or first_name and last_name")
    return split_name(name)


def with_name_split(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes of a profile: `name` is split in two, which give way to what was sent apart."""
    apart = {field: value for field, value in changes.items() if field != "name"}
    if not changes.get("name"):
        return apart
    first, last = split_name(changes["name"])
    return {"first_name": first, "last_name": last} | apart


def split_name(name: str) -> tuple[str, str]:
    """First word, and the rest."""
    first, _, last = name.strip().partition(" ")
    return first, last.strip()
