"""Begins a sign-in with a provider, finishes it, and hands its tokens over."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from groundswell.kernel.errors import Invalid, RateLimited
from groundswell.kernel.ids import hash_secret
from groundswell.tenancy.auth.factor import Codes, TotpRequired, WrongCode
from groundswell.tenancy.auth.model import TokenPair, User
from groundswell.tenancy.auth.openid.model import (
    ATTEMPT_LIFETIME,
    HANDOVER_LIFETIME,
    Attempt,
    AttemptOver,
    Begun,
    Finished,
    Handover,
    HandoverOver,
    Profile,
    ProviderRefused,
)
from groundswell.tenancy.auth.openid.providers import Provider
from groundswell.tenancy.auth.signin import Device


class IdentityProvider(Protocol):
    async def authorization_url(self, *, state: str, nonce: str, challenge: str) -> str: ...

    async def identify(self, *, code: str, verifier: str, nonce: str) -> Profile:
        """Raises ProviderRefused."""


class AttemptStore(Protocol):
    """What is kept for minutes. Taking something ends it: of two takers one gets it."""

    def begin(self, attempt: Attempt) -> None: ...

    def take_attempt(self, state_hash: str) -> Attempt | None: ...

    def hand_over(self, handover: Handover) -> None: ...

    def take_handover(self, code_hash: str) -> Handover | None: ...


class People(Protocol):
    def find(self, user_id: str) -> User | None: ...

    def of_profile(self, profile: Profile) -> User:
        """The user that it is: linked before, linked now, or signed up now."""


class Entrance(Protocol):
    def enter(self, user: User, device: Device, codes: Codes, method: str) -> tuple[User, TokenPair]: ...


class OpenIdService:
    """`redirect_uris` are the frontends that may be gone on to; they are compared whole."""

    def __init__(
        self,
        which: Provider,
        provider: IdentityProvider,
        store: AttemptStore,
        people: People,
        entrance: Entrance,
        redirect_uris: frozenset[str],
        now: Callable[[], datetime],
        new_secret: Callable[[], str],
    ) -> None:
        self._which = which
        self._provider = provider
        self._store = store
        self._people = people
        self._entrance = entrance
        self._redirect_uris = redirect_uris
        self._now = now
        self._new_secret = new_secret

    async def begin(self, redirect_uri: str | None, app_state: str | None) -> Begun:
        """Raises Invalid (`redirect_uri`), Unavailable."""
        if redirect_uri is not None and redirect_uri not in self._redirect_uris:
            raise Invalid.on("redirect_uri", "is not one of SIGN_IN_REDIRECT_URIS", "unknown")
        state, browser, nonce, verifier = (self._new_secret() for _ in range(4))
        url = await self._provider.authorization_url(state=state, nonce=nonce, challenge=_challenge(verifier))
        ends_at = self._now() + ATTEMPT_LIFETIME
        self._store.begin(
            Attempt(
                hash_secret(state),
                hash_secret(browser),
                nonce,
                verifier,
                redirect_uri,
                app_state,
                ends_at,
                self._which.name,
            )
        )
        return Begun(url, browser)

    async def finish(self, state: str, browser: str | None, code: str | None, device: Device) -> Finished:
        """Without a code: the person, or the provider, said no.

        Raises AttemptOver, ProviderRefused, EmailNotVerified, SignupClosed; TotpRequired with an `exchange_code`
        in its details, to be sent with the code.
        """
        attempt = self._store.take_attempt(hash_secret(state))
        if attempt is None or attempt.ends_at <= self._now() or attempt.browser_hash != hash_secret(browser or ""):
            raise AttemptOver(self._which)
        if attempt.provider != self._which.name:  # a code of one provider must not be redeemed at another (RFC 9207)
            raise AttemptOver(self._which)
        if code is None:
            raise ProviderRefused(self._which)
        profile = await self._provider.identify(code=code, verifier=attempt.verifier, nonce=attempt.nonce)
        user = self._people.of_profile(profile)
        if not user.is_active:
            raise ProviderRefused(self._which)
        if attempt.redirect_uri is not None:
            return Finished(redirect=self._redirect(attempt.redirect_uri, attempt.app_state, user))
        try:
            return Finished(signed_in=self._entrance.enter(user, device, Codes(), self._which.name))
        except TotpRequired as error:
            raise TotpRequired(details={"exchange_code": self._hand_over(user)}) from error

    def exchange(self, code: str, device: Device, codes: Codes) -> tuple[User, TokenPair]:
        """Raises HandoverOver, TotpRequired, WrongCode, RateLimited; after the last three the code is still good."""
        handover = self._store.take_handover(hash_secret(code))
        if handover is None or handover.ends_at <= self._now() or handover.provider != self._which.name:
            raise HandoverOver
        user = self._people.find(handover.user_id)
        if user is None or not user.is_active:
            raise HandoverOver
        try:
            return self._entrance.enter(user, device, codes, self._which.name)
        except (TotpRequired, WrongCode, RateLimited):
            self._store.hand_over(handover)
            raise

    def _redirect(self, redirect_uri: str, app_state: str | None, user: User) -> str:
        query = {"code": self._hand_over(user)} | ({"state": app_state} if app_state is not None else {})
        parts = urlsplit(redirect_uri)
        joined = "&".join(part for part in (parts.query, urlencode(query)) if part)
        return parts._replace(query=joined).geturl()

    def _hand_over(self, user: User) -> str:
        code = self._new_secret()
        self._store.hand_over(Handover(hash_secret(code), user.id, self._now() + HANDOVER_LIFETIME, self._which.name))
        return code


def _challenge(verifier: str) -> str:
    """RFC 7636 §4.2, S256."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
