"""TikTok API for Business v1.3, https://business-api.tiktok.com/portal/docs. Everything is answered with 200."""

from collections.abc import Mapping
from typing import Any

from groundswell.integrations.catalogue.signing import header
from groundswell.integrations.catalogue.wording import ACCESS_TOKEN, APP, days, get
from groundswell.integrations.paging import page_number
from groundswell.integrations.platform import Accounts, At, Call, Credentials, OAuth, Platform, Stream
from groundswell.integrations.problems import Problem, Reply

_METRICS = [
    "campaign_name",
    "currency",
    "spend",
    "impressions",
    "clicks",
    "conversion",
    "total_landing_page_view",
    "total_purchase_value",
]
_THROTTLED = frozenset({40100, 40133, 50002})
_EXPIRED = frozenset({40102, 40104, 40105})
_PERMISSION = 40001


def classify(reply: Reply, content: Any) -> Problem | None:
    """By `code`; 40100 stands for every limit, and none says how long."""
    code = content.get("code") if isinstance(content, dict) else None
    if code in (None, 0):
        return None
    words = str(content.get("message", ""))
    if code in _THROTTLED:
        return Problem("throttled", words)
    if code in _EXPIRED:
        return Problem("auth", words)
    if code == _PERMISSION:
        return Problem("permission", words)
    return Problem("transient" if 50000 <= int(code) < 60000 else "bad_request", words)


def _report(at: At) -> Call:
    query = {
        "advertiser_id": at.account.id,
        "service_type": "AUCTION",
        "report_type": "BASIC",
        "data_level": "AUCTION_CAMPAIGN",
        "dimensions": ["campaign_id", "stat_time_day"],
        "metrics": _METRICS,
        **days(at, "start_date", "end_date"),
        "page": at.cursor or "1",
        "page_size": 1000,
    }
    return get("/report/integrated/get/", query)


def _accounts(at: At) -> Call:
    """Those that are named, with currency and zone; else all that the app was let see, with names alone."""
    wanted = [account_id for account_id in at.settings.get("account_ids", "").split(",") if account_id]
    if wanted or not at.credentials.get("client_secret"):
        return get("/advertiser/info/", {"advertiser_ids": wanted})
    return get(
        "/oauth2/advertiser/get/",
        {"app_id": at.credentials.get("client_id"), "secret": at.credentials.get("client_secret")},
    )


def _exchange(code: Mapping[str, str]) -> Call:
    body = {"app_id": code["client_id"], "secret": code["client_secret"], "auth_code": code["code"]}
    return Call("POST", "/oauth2/access_token/", body=body)


def _revoke(credentials: Credentials) -> Call:
    names = {"app_id": "client_id", "secret": "client_secret", "access_token": "access_token"}
    body = {name: credentials.get(field, "") for name, field in names.items()}
    return Call("POST", "/oauth2/revoke_token/", body=body)


PLATFORM = Platform(
    name="tiktok_ads",
    title="TikTok Ads",
    category="ads",
    auth="oauth2",
    url="https://business-api.tiktok.com",
    prefix="/open_api/v1.3",
    credentials=(ACCESS_TOKEN, *APP),
    sign=header("access-token"),
    classify=classify,
    message="message",
    accounts=Accounts(
        _accounts,
        "data.list",
        {
            "id": "advertiser_id",
            "name": "name || advertiser_name",
            "currency": "currency",
            "timezone": "timezone || display_timezone",
        },
    ),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            _report,
            "data.list",
            {
                "date": "dimensions.stat_time_day",
                "campaign_id": "dimensions.campaign_id",
                "campaign": "metrics.campaign_name",
                "spend": "metrics.spend",
                "currency": "metrics.currency",
                "impressions": "metrics.impressions",
                "clicks": "metrics.clicks",
                "landing_page_views": "metrics.total_landing_page_view",
                "conversions": "metrics.conversion",
                "revenue": "metrics.total_purchase_value",
            },
            page_number("data.page_info.total_page"),
            window_days=30,
        ),
    ),
    oauth=OAuth(
        "https://business-api.tiktok.com/portal/auth",
        "/oauth2/access_token/",
        "",
        pkce=False,
        client_param="app_id",
        code_param="auth_code",
        exchange=_exchange,
        token="data",  # noqa: S106 - a place
    ),
    revoke=_revoke,
)
