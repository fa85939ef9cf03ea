"""Where a platform is: its own address, the customer's, or what the stage says instead."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from groundswell.integrations.platform import Call, Credentials, OAuth, Platform


@dataclass(frozen=True)
class Places:
    """What the stage says of a platform; empty is the platform's own. `app` has `client_id` and `client_secret`."""

    api: str = ""
    auth: str = ""
    app: Mapping[str, str] | None = None

    @property
    def known_app(self) -> Mapping[str, str]:
        return {name: value for name, value in (self.app or {}).items() if value}


def origin(platform: Platform, credentials: Credentials, places: Places) -> str:
    """Without the version's prefix and without a slash at its end."""
    own = platform.base(credentials) if platform.base else platform.url
    return (places.api or own).rstrip("/").removesuffix(platform.prefix).rstrip("/")


def is_foreign(platform: Platform, places: Places) -> bool:
    """Whether the host is one that a customer names: any at all, so it must have public addresses."""
    return platform.foreign and not places.api


def addressed(platform: Platform, call: Call, credentials: Credentials, places: Places) -> tuple[str, Call]:
    """The URL and the signed call."""
    base = origin(platform, credentials, places)
    known = {**credentials, "base_url": base + platform.prefix}
    signed = platform.sign(replace(call, headers={**platform.headers, **call.headers}), known)
    return base + platform.prefix + _with_query(signed), signed


def followed(platform: Platform, path: str, call: Call, credentials: Credentials, places: Places) -> tuple[str, Call]:
    """The same call for another page, whose path has everything."""
    base = origin(platform, credentials, places)
    there = replace(call, path=path, query={}, headers={**platform.headers, **call.headers})
    signed = platform.sign(there, {**credentials, "base_url": base})
    return base + _with_query(signed), signed


def token_url(platform: Platform, oauth: OAuth, credentials: Credentials, places: Places) -> str:
    """Where codes and refresh tokens become tokens: OAuth's own host, or the API's."""
    if oauth.token_host:
        return (places.auth or oauth.token_host).rstrip("/") + oauth.token_path
    prefix = platform.prefix if oauth.prefixed else ""
    return origin(platform, credentials, places) + prefix + oauth.token_path


def consent_url(platform: Platform, oauth: OAuth, credentials: Credentials, places: Places) -> str:
    """Where people consent, without its query."""
    parts = urlsplit(oauth.authorize)
    if not parts.netloc:
        return (places.auth or origin(platform, credentials, places)).rstrip("/") + parts.path
    return (places.auth.rstrip("/") or f"{parts.scheme}://{parts.netloc}") + parts.path


def _with_query(call: Call) -> str:
    if not call.query:
        return call.path
    return f"{call.path}{'&' if '?' in call.path else '?'}{urlencode(call.query)}"
