"""How calls carry credentials."""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha1, sha256
from secrets import token_hex
from time import time
from urllib.parse import parse_qsl, quote

from groundswell.integrations.platform import Call, Credentials
from groundswell.integrations.problems import Problem


def need(credentials: Credentials, name: str) -> str:
    """Raises Problem where the connection was made without it."""
    if not credentials.get(name):
        raise Problem("auth", f"{name} is missing")
    return credentials[name]


type Sign = Callable[[Call, Credentials], Call]


def with_headers(call: Call, **headers: str) -> Call:
    named = {name.replace("_", "-"): value for name, value in headers.items() if value}
    return replace(call, headers={**call.headers, **named})


def bearer(call: Call, credentials: Credentials) -> Call:
    return with_headers(call, authorization=f"Bearer {need(credentials, 'access_token')}")


def header(name: str, field: str = "access_token", prefix: str = "") -> Sign:
    def sign(call: Call, credentials: Credentials) -> Call:
        return replace(call, headers={**call.headers, name: prefix + need(credentials, field)})

    return sign


def basic(user: str, password: str) -> Sign:
    """HTTP Basic (RFC 7617) with two of the credentials."""

    def sign(call: Call, credentials: Credentials) -> Call:
        return with_headers(call, authorization=basic_value(need(credentials, user), need(credentials, password)))

    return sign


def basic_value(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def hmac_hex(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, sha256).hexdigest()


def oauth1(call: Call, credentials: Credentials) -> Call:
    """OAuth 1.0a with HMAC-SHA1 (RFC 5849 §3.4)."""
    path, _, query = call.path.partition("?")
    own = {
        "oauth_consumer_key": need(credentials, "client_id"),
        "oauth_nonce": token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time())),
        "oauth_token": need(credentials, "access_token"),
        "oauth_version": "1.0",
    }
    every = [*own.items(), *call.query.items(), *parse_qsl(query)]
    text = "&".join((call.method, _encoded(need(credentials, "base_url") + path), _encoded(_parameters(every))))
    key = f"{_encoded(need(credentials, 'client_secret'))}&{_encoded(need(credentials, 'access_token_secret'))}"
    signature = b64encode(hmac.new(key.encode(), text.encode(), sha1).digest()).decode()
    named = ", ".join(f'{k}="{_encoded(v)}"' for k, v in {**own, "oauth_signature": signature}.items())
    return with_headers(call, authorization=f"OAuth {named}")


def form_of(fields: Mapping[str, str | None]) -> dict[str, str]:
    """Without what is not there."""
    return {name: value for name, value in fields.items() if value}


def _parameters(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{k}={v}" for k, v in sorted((_encoded(k), _encoded(v)) for k, v in pairs))


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
