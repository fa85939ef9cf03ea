"""Which of our users somebody is whom a provider has identified."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.audit.model import Entry
from groundswell.tenancy.auth.events import by_user
from groundswell.tenancy.auth.factor import SecondFactor
from groundswell.tenancy.auth.model import Credential, User
from groundswell.tenancy.auth.openid.model import EmailNotVerified, Identity, Profile, ProviderRefused
from groundswell.tenancy.auth.openid.providers import Provider
from groundswell.tenancy.auth.service import SignUp
from groundswell.tenancy.auth.signin import Known, SessionStore, UserFinder


class IdentityStore(Protocol):
    def identity(self, provider: str, subject: str) -> Identity | None: ...

    def look_up(self, email: str) -> Known: ...

    def add(self, identity: Identity, entry: Entry) -> None:
        """Raises PreconditionFailed if the subject was linked meanwhile."""

    def take_over(
        self,
        identity: Identity,
        user: User,
        credential: Credential,
        factor: SecondFactor | None,
        entry: Entry,
        ended: Sequence[str],
    ) -> None:
        """The same; user and credential saved, the factor removed and these sessions ended with it."""


class SigningUp(Protocol):
    def register_verified(self, sign_up: SignUp) -> User:
        """Raises SignupClosed, EmailTaken."""


class OpenIdPeople:
    def __init__(
        self,
        provider: Provider,
        store: IdentityStore,
        users: UserFinder,
        sessions: SessionStore,
        accounts: SigningUp,
        now: Callable[[], datetime],
    ) -> None:
        self._provider = provider
        self._store = store
        self._users = users
        self._sessions = sessions
        self._accounts = accounts
        self._now = now

    def find(self, user_id: str) -> User | None:
        return self._users.find(user_id)

    def of_profile(self, profile: Profile) -> User:
        """Raises EmailNotVerified, SignupClosed."""
        linked = self._store.identity(self._provider.name, profile.subject)
        user = self._need(linked.user_id) if linked else None
        if user and user.is_active:
            return user
        if not profile.email_verified:
            raise EmailNotVerified(self._provider)
        known = self._store.look_up(profile.email)
        if user and (known.credential is None or known.credential.user_id == user.id):
            return user  # closed, and the person has no other account
        if known.credential is None:
            user = self._accounts.register_verified(
                SignUp(profile.email, "", profile.first_name, profile.last_name, None)
            )
            # Cut off here, the next sign-in finds the account by its address, verified, and links it.
            self._store.add(self._identity(profile, user), by_user(user, f"{self._provider.name}.linked"))
            return user
        return self._link(profile, known, known.credential, linked.version if linked else 0)

    def _link(self, profile: Profile, known: Known, credential: Credential, version: int) -> User:
        """An address that nobody had confirmed belongs to whom the provider confirms it for, not to who signed up with
        it: what that person could come back with (password, second factor, sessions) ends."""
        user = self._need(credential.user_id)
        identity = self._identity(profile, user, version)
        if user.is_verified:
            self._store.add(identity, by_user(user, f"{self._provider.name}.linked"))
            return user
        entry = by_user(user, f"{self._provider.name}.linked", taken_over="yes")
        emptied = replace(credential, password_hash="")
        ended = tuple(session.id for session in self._sessions.of_user(user.id))
        self._store.take_over(identity, user.verified(self._now()), emptied, known.factor, entry, ended)
        return self._need(user.id)

    def _identity(self, profile: Profile, user: User, version: int = 0) -> Identity:
        return Identity(profile.subject, user.id, self._now(), version, self._provider.name)

    def _need(self, user_id: str) -> User:
        user = self._users.find(user_id)
        if user is None:
            raise ProviderRefused(self._provider)
        return user
