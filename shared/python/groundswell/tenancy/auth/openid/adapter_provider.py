"""Talks to an OpenID provider, at the issuer that the stage names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from groundswell.kernel.errors import Outage, Unavailable
from groundswell.observability.log import log
from groundswell.tenancy.auth.openid.idtoken import Expected, IdTokenRefused, UnknownKey, read_id_token
from groundswell.tenancy.auth.openid.model import Profile, ProviderRefused
from groundswell.tenancy.auth.openid.profiles import read_profile
from groundswell.tenancy.auth.openid.providers import Provider

if TYPE_CHECKING:
    import httpx

_KEPT = timedelta(hours=1)
_CONNECT_SECONDS, _READ_SECONDS = 2.0, 5.0
_RETRY_SECONDS = 10


@dataclass(frozen=True)
class ProviderSettings:
    """`callback` is our own URL as it is registered with the provider."""

    provider: Provider
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    callback: str


class OpenIdProvider:
    def __init__(self, settings: ProviderSettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._provider = settings.provider
        self._now = now
        self._documents: dict[str, tuple[dict[str, Any], datetime]] = {}

    async def authorization_url(self, *, state: str, nonce: str, challenge: str) -> str:
        """Raises Unavailable."""
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.callback,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
        }
        if self._provider.has_pkce:
            query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{(await self._discover())['authorization_endpoint']}?{urlencode(query)}"

    async def identify(self, *, code: str, verifier: str, nonce: str) -> Profile:
        """Raises ProviderRefused, Unavailable."""
        token = await self._redeem(code, verifier)
        issuer = partial(self._provider.issuer_of, (await self._discover())["issuer"])
        expected_nonce = nonce if self._provider.has_nonce else None
        expected = Expected(issuer, self._settings.client_id, expected_nonce, self._now().timestamp())
        try:
            try:
                claims = read_id_token(token, await self._key_set(), expected)
            except UnknownKey:  # it may be newer than our copy of the set
                claims = read_id_token(token, await self._key_set(fresh=True), expected)
            return read_profile(self._provider, claims)
        except (IdTokenRefused, ValueError) as error:
            log.warning("id_token refused", extra={"reason": str(error)})
            raise ProviderRefused(self._provider) from error

    @property
    def _outage(self) -> Unavailable:
        return Unavailable(Outage(self._provider.title, _RETRY_SECONDS))

    async def _redeem(self, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.callback,
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
        }
        if self._provider.has_pkce:
            form["code_verifier"] = verifier
        answer = await self._call("POST", (await self._discover())["token_endpoint"], form)
        return str(answer.get("id_token", ""))

    async def _discover(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0 §4. The document must be the issuer's own (§4.3)."""
        issuer = self._settings.issuer
        configuration = await self._document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if not _names(configuration.get("issuer"), issuer):
            raise self._outage
        return configuration

    async def _key_set(self, *, fresh: bool = False) -> dict[str, Any]:
        return await self._document((await self._discover())["jwks_uri"], fresh=fresh)

    async def _document(self, url: str, *, fresh: bool = False) -> dict[str, Any]:
        kept = self._documents.get(url)
        if kept is None or fresh or self._now() >= kept[1]:
            kept = await self._call("GET", url), self._now() + _KEPT
            self._documents[url] = kept
        return kept[0]

    async def _call(self, method: str, url: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object that comes back. Raises ProviderRefused for a 4xx to a form, else Unavailable."""
        import httpx  # a tenth of a second at cold start, for the few requests that need it

        try:
            async with _client() as client:
                answer = await client.request(method, url, data=form)
            if form is not None and 400 <= answer.status_code < 500:
                raise ProviderRefused(self._provider)
            answer.raise_for_status()
            return cast("dict[str, Any]", dict(answer.json()))
        except (httpx.HTTPError, ValueError, TypeError) as error:
            log.warning(
                "provider does not answer", extra={"provider": self._provider.name, "reason": type(error).__name__}
            )
            raise self._outage from error


def _client() -> "httpx.AsyncClient":
    import httpx

    # The proxy settings of an environment are not ours to follow with a client secret in hand.
    return httpx.AsyncClient(timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS), trust_env=False)


def _names(claim: object, issuer: str) -> bool:
    """Microsoft's document of `common` and `organizations` names every tenant's issuer, with a gap."""
    return claim == issuer or (isinstance(claim, str) and "{tenantid}" in claim and _in_tenant(claim, issuer))


def _in_tenant(template: str, issuer: str) -> bool:
    before, _, after = template.partition("{tenantid}")
    return issuer.startswith(before) and issuer.endswith(after)
