"""Meta (Facebook) Ads: Marketing API v26.0, https://developers.facebook.com/docs/marketing-api/insights."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from groundswell.integrations.catalogue.signing import form_of, hmac_hex, need
from groundswell.integrations.catalogue.wording import ACCESS_TOKEN, APP, get
from groundswell.integrations.paging import url_at
from groundswell.integrations.platform import (
    Accounts,
    At,
    Call,
    Credentials,
    Hook,
    OAuth,
    Platform,
    Settings,
    Stream,
)
from groundswell.integrations.problems import Problem, Reply

_VERSION = "v26.0"
_THROTTLED = frozenset({4, 17, 32, 613, *range(80000, 80015)})
_EXPIRED = frozenset({102, 190, 463, 467})
_PERMISSION = frozenset({10, *range(200, 300)})
_FIELDS = (
    "campaign_id,campaign_name,account_currency,date_start,spend,impressions,clicks,inline_link_clicks,"
    "actions,action_values"
)
_PURCHASES = ("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase")
"""They overlap: the first that is there counts, and they are never added."""


def sign(call: Call, credentials: Credentials) -> Call:
    """As a query parameter, the way Graph documents it, and as a bearer token; with `appsecret_proof` where the app's
    secret is known."""
    token, secret = need(credentials, "access_token"), credentials.get("client_secret", "")
    proof = {"appsecret_proof": hmac_hex(secret, token.encode())} if secret else {}
    headers = {**call.headers, "authorization": f"Bearer {token}"}
    return replace(call, query={**call.query, "access_token": token, **proof}, headers=headers)


def classify(reply: Reply, content: Any) -> Problem | None:
    """By `error.code`: throttling and expiry come as 400."""
    error = content.get("error") if isinstance(content, dict) else None
    if not isinstance(error, dict):
        return None
    code, words = error.get("code"), str(error.get("message", ""))
    if code in _THROTTLED:
        return Problem("throttled", words, _regain(reply))
    if code in _EXPIRED:
        return Problem("auth", words)
    if code in _PERMISSION:
        return Problem("permission", words)
    return Problem("transient", words) if code in (1, 2) else None


def _regain(reply: Reply) -> float | None:
    """Minutes until access comes back, as `X-Business-Use-Case-Usage` tells by account."""
    try:
        usage = Reply(200, {}, reply.headers.get("x-business-use-case-usage", "").encode()).json() or {}
        minutes = [entry["estimated_time_to_regain_access"] for entries in usage.values() for entry in entries]
    except (Problem, KeyError, TypeError, AttributeError):
        return None
    return max(minutes) * 60.0 if minutes and max(minutes) > 0 else None


def _action(group: str, *fallbacks: str) -> Callable[[Any, Settings], Any]:
    """The value of an action type: the one that the connection chose, else the first of these."""

    def value(raw: Any, settings: Settings) -> Any:
        actions = {action["action_type"]: action["value"] for action in raw.get(group) or []}
        chosen = settings.get("conversion_action")
        wanted = (chosen,) if chosen and fallbacks != ("landing_page_view",) else fallbacks
        return next((actions[name] for name in wanted if name in actions), None)

    return value


def _insights(at: At) -> Call:
    window = {"since": at.first.isoformat(), "until": at.last.isoformat()}
    query = {"level": "campaign", "time_increment": 1, "time_range": window, "limit": 500, "fields": _FIELDS}
    return get(f"/act_{at.account.id}/insights", query)


def _bare(account_id: str) -> str:
    return account_id.strip().removeprefix("act_")


def _exchange(code: Mapping[str, str]) -> Call:
    wanted = ("client_id", "client_secret", "redirect_uri", "code", "code_verifier")
    return get("/oauth/access_token", {name: code.get(name) for name in wanted})


def _renew(credentials: Credentials, app: Mapping[str, str]) -> Call:
    """A long-lived token for 60 days more: there is no refresh token."""
    exchanged = {"grant_type": "fb_exchange_token", "fb_exchange_token": credentials["access_token"]}
    return get("/oauth/access_token", form_of({**exchanged, **app}))


def _verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    return hmac.compare_digest(headers.get("x-hub-signature-256", ""), f"sha256={hmac_hex(secret, body)}")


def _event_id(headers: Mapping[str, str], content: Any) -> str:
    """Meta names none: the same body is the same event."""
    return hmac_hex("", repr(content).encode())


PLATFORM = Platform(
    name="meta_ads",
    title="Meta Ads",
    category="ads",
    auth="oauth2",
    url="https://graph.facebook.com",
    prefix=f"/{_VERSION}",
    credentials=(ACCESS_TOKEN, *APP),
    sign=sign,
    classify=classify,
    accounts=Accounts(
        lambda at: get("/me/adaccounts", {"fields": "account_id,name,currency,timezone_name", "limit": 200}),
        "data",
        {
            "id": lambda raw, _: _bare(str(raw.get("account_id") or raw["id"])),
            "name": "name",
            "currency": "currency",
            "timezone": "timezone_name",
        },
        url_at("paging.next"),
        follows=True,
        spelled=_bare,
    ),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            _insights,
            "data",
            {
                "date": "date_start",
                "campaign_id": "campaign_id",
                "campaign": "campaign_name",
                "spend": "spend",
                "currency": "account_currency",
                "impressions": "impressions",
                "clicks": "clicks",
                "landing_page_views": _action("actions", "landing_page_view"),
                "conversions": _action("actions", *_PURCHASES, "lead"),
                "revenue": _action("action_values", *_PURCHASES),
            },
            url_at("paging.next"),
            follows=True,
            window_days=30,
        ),
    ),
    oauth=OAuth(
        "https://www.facebook.com/v26.0/dialog/oauth",
        "/oauth/access_token",
        "ads_read,business_management",
        exchange=_exchange,
        renew=_renew,
    ),
    hook=Hook("client_secret", _verify, _event_id, lambda headers, content: ("ads_insights",)),
    revoke=lambda credentials: Call("DELETE", "/me/permissions"),
)
