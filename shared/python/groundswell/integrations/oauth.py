"""OAuth 2.0 (RFC 6749) with state and PKCE (RFC 7636), and how tokens are renewed."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

from groundswell.integrations.addressing import Places, consent_url, token_url
from groundswell.integrations.catalogue.signing import basic_value, form_of, with_headers
from groundswell.integrations.platform import Call, Credentials, OAuth, Platform
from groundswell.integrations.problems import Problem, Reply, extract, problem_of
from groundswell.kernel.clock import rfc3339

AHEAD, DAYS_AHEAD = timedelta(minutes=5), timedelta(days=7)
"""Tokens are renewed this long before they expire."""
SERVICE_ACCOUNT = "service_account"
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_KEPT = ("instance_url", "api_domain", "stripe_user_id")
_REFUSED = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "invalid_token"})


@dataclass(frozen=True)
class Consent:
    """An authorization that somebody began. `state` is known to them and the platform alone, and works once."""

    state: str
    client_id: str
    platform: str
    verifier: str
    redirect_uri: str
    return_url: str
    credentials: Mapping[str, str]
    actor_id: str
    org_id: str
    expires_at: datetime
    timezone: str = "UTC"


def consent_page(platform: Platform, oauth: OAuth, consent: Consent, places: Places) -> str:
    """The URL to send a person to."""
    app = {**places.known_app, **consent.credentials}
    query = {
        "response_type": "code",
        oauth.client_param: app["client_id"],
        oauth.redirect_param: consent.redirect_uri,
        "scope": oauth.scopes,
        "state": consent.state,
        **oauth.extra,
    }
    if oauth.pkce:
        query |= {"code_challenge": challenge(consent.verifier), "code_challenge_method": "S256"}
    return f"{consent_url(platform, oauth, app, places)}?{urlencode(form_of(query))}"


def challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def code_call(platform: Platform, oauth: OAuth, consent: Consent, code: str, places: Places) -> tuple[str, Call]:
    """Turns a code into tokens."""
    app = {**places.known_app, **consent.credentials}
    fields = {"code": code, "redirect_uri": consent.redirect_uri}
    if oauth.pkce:
        fields["code_verifier"] = consent.verifier
    if oauth.exchange:
        return _own(platform, oauth, oauth.exchange({**app, **fields}), app, places)
    return _form(platform, oauth, {"grant_type": "authorization_code", **fields}, app, places)


def details_call(oauth: OAuth, tokens: Credentials, places: Places) -> tuple[str, Call] | None:
    """Asks what else is to be kept of whoever consented."""
    if oauth.details is None:
        return None
    call = oauth.details(tokens)
    return (places.auth or oauth.token_host).rstrip("/") + call.path, replace(call, path="")


def details_of(platform: Platform, oauth: OAuth, reply: Reply) -> Mapping[str, str]:
    """Raises Problem for an answer that lacks any of it, or in which it is of another shape."""
    content = reply.json()
    values = {name: str(extract(place, content) or "") for name, place in oauth.detail_fields.items()}
    for credential in platform.credentials:
        if credential.name in values and not re.fullmatch(credential.pattern or ".+", values[credential.name]):
            raise Problem("transient", f"{credential.label} did not come back")
    return values


def renewal_call(platform: Platform, credentials: Credentials, places: Places) -> tuple[str, Call] | None:
    """Asks for a new access token; None where that cannot be: people have to consent again."""
    oauth = platform.oauth
    app = {**places.known_app, **credentials}
    if oauth and oauth.assertion and credentials.get(SERVICE_ACCOUNT):
        made = oauth.assertion(credentials[SERVICE_ACCOUNT], oauth.scopes, oauth.token_host + oauth.token_path)
        return token_url(platform, oauth, app, places), Call("POST", "", form={"grant_type": _JWT, "assertion": made})
    if oauth is None or not app.get("client_id") or not app.get("client_secret"):
        return None
    if oauth.renew and credentials.get("access_token"):
        own = {name: app[name] for name in ("client_id", "client_secret")}
        return _own(platform, oauth, oauth.renew(credentials, own), app, places)
    if not credentials.get("refresh_token"):
        return None
    fields = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]}
    return _form(platform, oauth, fields, app, places)


def tokens_of(platform: Platform, reply: Reply, now: datetime) -> Mapping[str, str]:
    """What an answer of the token endpoint says. Raises Problem: `auth` where the grant is not good any more."""
    oauth = platform.oauth
    problem = problem_of(reply, "error_description || error.message || error || message", platform.classify)
    content: Any = reply.json() if problem is None else None
    if problem:
        raise _refused(reply, problem)
    values = extract(oauth.token if oauth else "@", content) or {}
    if not isinstance(values, dict) or not isinstance(values.get("access_token"), str):
        raise Problem("transient", "the token endpoint answered without a token")
    tokens = {name: str(values[name]) for name in ("access_token", "refresh_token", *_KEPT) if values.get(name)}
    if str(values.get("expires_in", "")).isdecimal():
        tokens["expires_at"] = rfc3339(now + timedelta(seconds=int(values["expires_in"])))
    return tokens


def merged(credentials: Credentials, tokens: Mapping[str, str]) -> dict[str, str]:
    """A refresh token that is not replaced stays; an expiry that is not told does not."""
    kept = {name: value for name, value in credentials.items() if name != "expires_at"}
    return {**kept, **tokens}


def is_due(platform: Platform, credentials: Credentials, now: datetime) -> bool:
    """Whether the access token is to be renewed before it is used. One that only itself can renew is renewed days
    ahead: an hour's becomes a long-lived one at once."""
    if not credentials.get("access_token"):
        return bool(credentials.get("refresh_token") or credentials.get(SERVICE_ACCOUNT))
    expires_at = credentials.get("expires_at")
    ahead = DAYS_AHEAD if platform.oauth and platform.oauth.renew else AHEAD
    return expires_at is not None and datetime.fromisoformat(expires_at) - ahead <= now


def _refused(reply: Reply, problem: Problem) -> Problem:
    try:
        error = extract("error", reply.json())
    except Problem:
        return problem
    final = error in _REFUSED if isinstance(error, str) else reply.status in (400, 401)
    return Problem("auth", problem.words) if final and problem.kind in ("bad_request", "auth") else problem


def _form(
    platform: Platform, oauth: OAuth, fields: Mapping[str, str], app: Mapping[str, str], places: Places
) -> tuple[str, Call]:
    """The client authenticates by Basic or in the form (RFC 6749 §2.3.1)."""
    client = {} if oauth.basic else {name: app.get(name, "") for name in ("client_id", "client_secret")}
    call = Call("POST", "", form=form_of({**fields, **client}))
    if oauth.basic:
        call = with_headers(call, authorization=basic_value(app.get("client_id", ""), app.get("client_secret", "")))
    return token_url(platform, oauth, app, places), with_headers(call, accept="application/json", **_agent(platform))


def _own(platform: Platform, oauth: OAuth, call: Call, app: Mapping[str, str], places: Places) -> tuple[str, Call]:
    """A platform's own way: its path is taken for the token endpoint's."""
    query = f"?{urlencode(call.query)}" if call.query else ""
    return token_url(platform, oauth, app, places) + query, replace(call, query={})


def _agent(platform: Platform) -> Mapping[str, str]:
    agent = platform.headers.get("user-agent")
    return {"user_agent": agent} if agent else {}


def is_web_address(url: str) -> bool:
    """Whether a browser may be sent there: http or https, without a user's name in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
