"""Talks to Google, or to any OpenID provider that `GOOGLE_ISSUER` names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from groundswell.kernel.email import normalize_email
from groundswell.kernel.errors import Outage, Unavailable
from groundswell.kernel.names import LONGEST, check_person
from groundswell.observability.log import log
from groundswell.tenancy.auth.google.idtoken import Expected, IdTokenRefused, UnknownKey, read_id_token
from groundswell.tenancy.auth.google.model import GoogleRefused, Profile
from groundswell.tenancy.auth.model import split_name

if TYPE_CHECKING:
    import httpx

_KEPT = timedelta(hours=1)
_CONNECT_SECONDS, _READ_SECONDS = 2.0, 5.0
_OUTAGE = Outage("Google", 10)


@dataclass(frozen=True)
class ProviderSettings:
    """`callback` is our own URL as it is registered with the provider."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    callback: str


class OpenIdProvider:
    def __init__(self, settings: ProviderSettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
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
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{(await self._discover())['authorization_endpoint']}?{urlencode(query)}"

    async def identify(self, *, code: str, verifier: str, nonce: str) -> Profile:
        """Raises GoogleRefused, Unavailable."""
        token = await self._redeem(code, verifier)
        expected = Expected(
            (await self._discover())["issuer"], self._settings.client_id, nonce, self._now().timestamp()
        )
        try:
            try:
                claims = read_id_token(token, await self._key_set(), expected)
            except UnknownKey:  # it may be newer than our copy of the set
                claims = read_id_token(token, await self._key_set(fresh=True), expected)
            return _profile(claims)
        except (IdTokenRefused, ValueError) as error:
            log.warning("id_token refused", extra={"reason": str(error)})
            raise GoogleRefused from error

    async def _redeem(self, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.callback,
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "code_verifier": verifier,
        }
        answer = await self._call("POST", (await self._discover())["token_endpoint"], form)
        return str(answer.get("id_token", ""))

    async def _discover(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0 §4. The document must be the issuer's own (§4.3)."""
        issuer = self._settings.issuer
        found = await self._document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise Unavailable(_OUTAGE)
        return found

    async def _key_set(self, *, fresh: bool = False) -> dict[str, Any]:
        return await self._document((await self._discover())["jwks_uri"], fresh=fresh)

    async def _document(self, url: str, *, fresh: bool = False) -> dict[str, Any]:
        kept = self._documents.get(url)
        if kept is None or fresh or self._now() >= kept[1]:
            kept = await self._call("GET", url), self._now() + _KEPT
            self._documents[url] = kept
        return kept[0]

    async def _call(self, method: str, url: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object that comes back. Raises GoogleRefused for a 4xx to a form, else Unavailable."""
        import httpx  # a tenth of a second at cold start, for the few requests that need it

        try:
            async with _client() as client:
                answer = await client.request(method, url, data=form)
            if form is not None and 400 <= answer.status_code < 500:
                raise GoogleRefused
            answer.raise_for_status()
            return cast("dict[str, Any]", dict(answer.json()))
        except (httpx.HTTPError, ValueError, TypeError) as error:
            log.warning("google does not answer", extra={"reason": type(error).__name__})
            raise Unavailable(_OUTAGE) from error


def _client() -> "httpx.AsyncClient":
    import httpx

    # The proxy settings of an environment are not ours to follow with a client secret in hand.
    return httpx.AsyncClient(timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS), trust_env=False)


def _profile(claims: Mapping[str, Any]) -> Profile:
    """Raises ValueError for claims without a usable address."""
    email = normalize_email(str(claims.get("email", "")))
    first, last = (_line(claims.get(name)) for name in ("given_name", "family_name"))
    if not first:
        first, last = split_name(_line(claims.get("name")) or email.partition("@")[0])
    return Profile(claims["sub"], email, claims.get("email_verified") is True, first, last)


def _line(value: object) -> str:
    """A name as people may give it here; what is none is left out."""
    text = value if isinstance(value, str) else ""
    try:
        return check_person("".join(each for each in text if each.isprintable()).strip()[:LONGEST])
    except ValueError:
        return ""
