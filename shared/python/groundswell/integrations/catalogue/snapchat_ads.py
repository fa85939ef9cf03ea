"""Snapchat Marketing API v1, https://developers.snap.com/api/marketing-api. Days begin at the account's midnight."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from groundswell.integrations.catalogue.signing import bearer
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS, get, micros
from groundswell.integrations.paging import url_at
from groundswell.integrations.platform import Accounts, At, Call, OAuth, Platform, Stream
from groundswell.integrations.problems import Problem, Reply

_FIELDS = "impressions,swipes,spend,conversion_page_views,conversion_purchases,conversion_purchases_value"


def classify(reply: Reply, content: Any) -> Problem | None:
    """An error may come as 200, by `request_status`."""
    if reply.status >= 400 or not isinstance(content, dict) or content.get("request_status", "").upper() != "ERROR":
        return None
    return Problem("bad_request", str(content.get("debug_message") or content.get("display_message")))


def _report(at: At) -> Call:
    query = {
        "granularity": "DAY",
        "breakdown": "campaign",
        "fields": _FIELDS,
        "start_time": _midnight(at.first, at.account.timezone),
        "end_time": _midnight(at.last + timedelta(days=1), at.account.timezone),
        "limit": 200,
    }
    return get(f"/adaccounts/{at.account.id}/stats", query)


def _midnight(day: date, zone: str) -> str:
    return datetime.combine(day, time(), ZoneInfo(zone or "UTC")).isoformat(timespec="milliseconds")


def _rows(content: Any, at: At) -> Sequence[Any]:
    stats = [entry.get("timeseries_stat") or {} for entry in content.get("timeseries_stats") or []]
    campaigns = [
        campaign for stat in stats for campaign in (stat.get("breakdown_stats") or {}).get("campaign") or [stat]
    ]
    return [
        {"date": hour["start_time"][:10], "campaign_id": campaign["id"], **(hour.get("stats") or {})}
        for campaign in campaigns
        for hour in campaign.get("timeseries") or []
    ]


def _accounts(content: Any, at: At) -> Sequence[Any]:
    organizations = [entry.get("organization") or {} for entry in content.get("organizations") or []]
    return [account for organization in organizations for account in organization.get("ad_accounts") or []]


PLATFORM = Platform(
    name="snapchat_ads",
    title="Snapchat Ads",
    category="ads",
    auth="oauth2",
    url="https://adsapi.snapchat.com",
    prefix="/v1",
    credentials=OAUTH_TOKENS,
    sign=bearer,
    classify=classify,
    message="debug_message || display_message",
    accounts=Accounts(
        lambda at: get("/me/organizations", {"with_ad_accounts": "true"}),
        _accounts,
        {"id": "id", "name": "name", "currency": "currency", "timezone": "timezone"},
        url_at("paging.next_link"),
        follows=True,
    ),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            _report,
            _rows,
            {
                "date": "date",
                "campaign_id": "campaign_id",
                "spend": micros("spend"),
                "impressions": "impressions",
                "clicks": "swipes",
                "landing_page_views": "conversion_page_views",
                "conversions": "conversion_purchases",
                "revenue": micros("conversion_purchases_value"),
            },
            url_at("paging.next_link"),
            follows=True,
            window_days=30,
        ),
    ),
    oauth=OAuth(
        "https://accounts.snapchat.com/login/oauth2/authorize",
        "/login/oauth2/access_token",
        "snapchat-marketing-api",
        "https://accounts.snapchat.com",
        pkce=False,
    ),
)
