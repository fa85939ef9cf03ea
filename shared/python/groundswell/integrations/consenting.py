"""Connecting by consent: people are sent to the platform, and come back with a code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from groundswell.access.model import ClientContext
from groundswell.integrations.addressing import is_foreign
from groundswell.integrations.catalogue import platform
from groundswell.integrations.connecting import Wanted, wanted
from groundswell.integrations.model import CredentialsRejected
from groundswell.integrations.oauth import (
    Consent,
    code_call,
    consent_page,
    details_call,
    details_of,
    is_web_address,
    tokens_of,
)
from groundswell.integrations.platform import OAuth, Platform
from groundswell.integrations.problems import Problem
from groundswell.integrations.service import IntegrationService, Ways, Wish
from groundswell.kernel.errors import Conflict, DomainError, Gone, Invalid

CONSENT_TIME = timedelta(minutes=15)


class NoOAuth(Conflict):
    code = "NO_OAUTH"
    message = "The platform is connected with credentials: POST /integrations/{platform}"


class AppMissing(Conflict):
    code = "APP_NOT_CONFIGURED"
    message = "Neither the stage nor the request names an app (client_id, client_secret) for this platform"


class ConsentGone(Gone):
    code = "CONSENT_EXPIRED"
    message = "This authorization is used up or older than 15 minutes: begin again"


@dataclass(frozen=True)
class Returning:
    """Where a person goes on to, as whoever began for that client named it."""

    client_id: str
    url: str
    connected: bool


class Consents(Protocol):
    def keep(self, consent: Consent) -> None: ...

    def take(self, state: str) -> Consent | None:
        """Once."""


class ConsentService:
    """`callback` is the address that a platform sends people back to."""

    def __init__(
        self, consents: Consents, integrations: IntegrationService, ways: Ways, callback: Callable[[str], str]
    ) -> None:
        self._consents = consents
        self._integrations = integrations
        self._ways = ways
        self._callback = callback

    def authorize(
        self, who: ClientContext, name: str, return_url: str, credentials: Mapping[str, str]
    ) -> tuple[str, datetime]:
        """Where to send a person, and until when. `given` are credentials that consent does not bring: a shop's name, a
        property. Raises PlatformNotFound, NoOAuth, AppMissing, Invalid."""
        named = platform(name)
        places = self._ways.places(named.name)
        if named.oauth is None:
            raise NoOAuth
        if not is_web_address(return_url):
            raise Invalid.on("return_url", "must begin with https:// or http://")
        request = wanted(named, credentials, (), whole=False)
        app = {**places.known_app, **request.credentials}
        if not app.get("client_id") or not app.get("client_secret"):
            raise AppMissing
        _need_place(named, request.credentials)
        consent = Consent(
            self._ways.new_secret(),
            who.client_id,
            named.name,
            self._ways.new_secret(),
            self._callback(named.name),
            return_url,
            request.credentials,
            who.actor_id,
            who.org_id,
            self._ways.now() + CONSENT_TIME,
            who.timezone,
        )
        self._consents.keep(consent)
        return consent_page(named, named.oauth, consent, places), consent.expires_at

    async def callback(
        self, name: str, query: Mapping[str, str], acting: Callable[[Consent], ClientContext]
    ) -> Returning:
        """Where the person goes on to, with `status` and, of a failure, `error` and `message`. Raises ConsentGone for a
        state that nobody began."""
        named = platform(name)
        consent = self._consents.take(query.get("state", ""))
        if consent is None or consent.platform != named.name or consent.expires_at <= self._ways.now():
            raise ConsentGone
        if named.oauth is None:
            raise NoOAuth
        code = query.get(named.oauth.code_param) or query.get("code")
        if not code:
            words = query.get("error_description") or query.get("error") or "no code came back"
            return _returning(consent, status="failed", error=query.get("error", "denied"), message=words)
        try:
            await self._consented(named, named.oauth, consent, code, acting(consent))
        except DomainError as refusal:
            return _returning(consent, status="failed", error=refusal.code, message=refusal.text)
        return _returning(consent, status="connected")

    async def _consented(self, named: Platform, oauth: OAuth, consent: Consent, code: str, who: ClientContext) -> None:
        places = self._ways.places(named.name)
        try:
            url, call = code_call(named, oauth, consent, code, places)
            foreign = is_foreign(named, places)
            reply = await self._ways.http.send(who.client_id, named.name, url, call, foreign=foreign)
            tokens = tokens_of(named, reply, self._ways.now())
            if more := details_call(oauth, tokens, places):
                answer = await self._ways.http.send(who.client_id, named.name, *more, foreign=foreign)
                tokens = {**tokens, **details_of(named, oauth, answer)}
        except Problem as problem:
            raise CredentialsRejected(problem.words) from problem
        request = Wanted({**consent.credentials, **tokens}, ())
        await self._integrations.take(who, named, Wish({}), request)


def _need_place(named: Platform, credentials: Mapping[str, str]) -> None:
    """What consent does not bring, and everything depends on."""
    lacking = [
        credential
        for credential in named.credentials
        if credential.required and not credential.secret and not credentials.get(credential.name)
    ]
    if lacking:
        raise Invalid.on(f"credentials.{lacking[0].name}", f"{lacking[0].label} is required")


def _returning(consent: Consent, **outcome: str) -> Returning:
    query = urlencode({"platform": consent.platform, **{name: value[:300] for name, value in outcome.items()}})
    url = f"{consent.return_url}{'&' if '?' in consent.return_url else '?'}{query}"
    return Returning(consent.client_id, url, outcome["status"] == "connected")
