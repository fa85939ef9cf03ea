"""Reddit Ads API v3, https://ads-api.reddit.com/docs/v3."""

from datetime import timedelta

from groundswell.integrations.catalogue.signing import bearer
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS, get, micros
from groundswell.integrations.paging import url_at
from groundswell.integrations.platform import Accounts, At, Call, OAuth, Platform, Stream

_FIELDS = ["IMPRESSIONS", "CLICKS", "SPEND", "CONVERSION_PURCHASE_TOTAL_VALUE", "KEY_CONVERSION_TOTAL_COUNT"]


def _report(at: At) -> Call:
    data = {
        "breakdowns": ["CAMPAIGN_ID", "DATE"],
        "fields": _FIELDS,
        "starts_at": f"{at.first}T00:00:00Z",
        "ends_at": f"{at.last + timedelta(days=1)}T00:00:00Z",
        "time_zone_id": at.account.timezone or "GMT",
    }
    return Call("POST", f"/ad_accounts/{at.account.id}/reports", body={"data": data})


PLATFORM = Platform(
    name="reddit_ads",
    title="Reddit Ads",
    category="ads",
    auth="oauth2",
    url="https://ads-api.reddit.com",
    prefix="/api/v3",
    headers={"user-agent": "web:groundswell:1.0 (ad reports)"},
    credentials=OAUTH_TOKENS,
    sign=bearer,
    message="error.message || message",
    accounts=Accounts(
        lambda at: get("/me/ad_accounts"),
        "data",
        {"id": "id", "name": "name", "currency": "currency", "timezone": "time_zone_id"},
        url_at("pagination.next_url"),
        follows=True,
    ),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            _report,
            "data.metrics",
            {
                "date": "date",
                "campaign_id": "campaign_id",
                "spend": micros("spend"),
                "impressions": "impressions",
                "clicks": "clicks",
                "conversions": "key_conversion_total_count",
                "revenue": micros("conversion_purchase_total_value"),
            },
            url_at("pagination.next_url"),
            follows=True,
            window_days=30,
        ),
    ),
    oauth=OAuth(
        "https://www.reddit.com/api/v1/authorize",
        "/api/v1/access_token",
        "adsread",
        "https://www.reddit.com",
        pkce=False,
        basic=True,
        extra={"duration": "permanent"},
    ),
)
