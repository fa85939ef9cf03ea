"""A connection's credentials in use: renewed ahead of their expiry or when they are refused, by one at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from groundswell.integrations.addressing import Places, is_foreign
from groundswell.integrations.oauth import is_due, merged, renewal_call, tokens_of
from groundswell.integrations.platform import Credentials, Platform
from groundswell.integrations.problems import Problem
from groundswell.integrations.reading import Http

_LOCK_SECONDS = 60
_SOON = 3.0


class Vault(Protocol):
    """Sealed credentials, by client and platform."""

    def load(self, client_id: str, platform: str) -> Mapping[str, str] | None: ...

    def save(self, client_id: str, platform: str, credentials: Credentials) -> None:
        """And end the lock."""

    def lock(self, client_id: str, platform: str, seconds: int) -> bool:
        """Whether it is ours to renew them; nobody else may for so long."""

    def unlock(self, client_id: str, platform: str) -> None: ...


class Tokens:
    def __init__(self, vault: Vault, http: Http, now: Callable[[], datetime]) -> None:
        self._vault = vault
        self._http = http
        self._now = now

    async def current(self, client_id: str, platform: Platform, places: Places) -> Credentials:
        """With the app's where these are the stage's. Raises Problem (`auth`) where there are none that work."""
        credentials = self._load(client_id, platform)
        if is_due(platform, credentials, self._now()) and renewal_call(platform, credentials, places):
            return await self.renewed(client_id, platform, places, credentials.get("access_token", ""))
        return {**places.known_app, **credentials}

    async def renewed(self, client_id: str, platform: Platform, places: Places, refused: str) -> Credentials:
        """After the platform refused that access token, or before it will. Whoever comes while another renews finds
        theirs. Raises Problem: `auth` where it takes a person."""
        credentials = self._load(client_id, platform)
        if credentials.get("access_token", "") != refused:
            return {**places.known_app, **credentials}
        if renewal_call(platform, credentials, places) is None:
            raise Problem("auth", "the access token is refused, and there is no refresh token")
        if not self._vault.lock(client_id, platform.name, _LOCK_SECONDS):
            raise Problem("transient", "the access token is being renewed", _SOON)
        return await self._renewed_alone(client_id, platform, places, refused)

    async def _renewed_alone(self, client_id: str, platform: Platform, places: Places, refused: str) -> Credentials:
        credentials = self._load(client_id, platform)
        call = renewal_call(platform, credentials, places)
        try:
            if credentials.get("access_token", "") != refused or call is None:
                return {**places.known_app, **credentials}
            foreign = is_foreign(platform, places)
            reply = await self._http.send(client_id, platform.name, *call, foreign=foreign)
            credentials = merged(credentials, tokens_of(platform, reply, self._now()))
        except Problem:
            self._vault.unlock(client_id, platform.name)
            raise
        self._vault.save(client_id, platform.name, credentials)
        return {**places.known_app, **credentials}

    def _load(self, client_id: str, platform: Platform) -> Mapping[str, str]:
        credentials = self._vault.load(client_id, platform.name)
        if credentials is None:
            raise Problem("auth", "there are no credentials")
        return credentials
