"""Pinterest API v5, https://developers.pinterest.com/docs/api/v5."""

from collections.abc import Mapping, Sequence
from typing import Any

from groundswell.integrations.catalogue.campaigns_first import ask, following, items
from groundswell.integrations.catalogue.signing import bearer
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS, days, get, micros
from groundswell.integrations.paging import cursor_at
from groundswell.integrations.platform import Accounts, At, Call, OAuth, Platform, Stream

_CAMPAIGNS_A_CALL = 100
_COLUMNS = (
    "SPEND_IN_DOLLAR,PAID_IMPRESSION,TOTAL_CLICKTHROUGH,TOTAL_PAGE_VISIT,TOTAL_CONVERSIONS,"
    "TOTAL_CHECKOUT,TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR"
)


def _campaigns(at: At) -> Call:
    return get(f"/ad_accounts/{at.account.id}/campaigns", {"page_size": 250, "bookmark": at.cursor})


def _report(at: At, campaigns: Sequence[str]) -> Call:
    query = {
        **days(at, "start_date", "end_date"),
        "campaign_ids": ",".join(campaigns),
        "columns": _COLUMNS,
        "granularity": "DAY",
    }
    return get(f"/ad_accounts/{at.account.id}/campaigns/analytics", query)


def _rows(content: Any, at: At, names: Mapping[str, str]) -> Sequence[Any]:
    return [{**row, "name": names.get(str(row.get("CAMPAIGN_ID")))} for row in content or []]


PLATFORM = Platform(
    name="pinterest_ads",
    title="Pinterest Ads",
    category="ads",
    auth="oauth2",
    url="https://api.pinterest.com",
    prefix="/v5",
    credentials=OAUTH_TOKENS,
    sign=bearer,
    message="message",
    accounts=Accounts(
        lambda at: get("/ad_accounts", {"page_size": 250, "bookmark": at.cursor}),
        "items",
        {"id": "id", "name": "name", "currency": "currency", "timezone": "time_zone"},
        cursor_at("bookmark"),
    ),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            ask(_campaigns, _report, _CAMPAIGNS_A_CALL),
            items(_rows, _CAMPAIGNS_A_CALL),
            {
                "date": "DATE",
                "campaign_id": "CAMPAIGN_ID",
                "campaign": "name",
                "spend": "SPEND_IN_DOLLAR",
                "impressions": "PAID_IMPRESSION",
                "clicks": "TOTAL_CLICKTHROUGH",
                "landing_page_views": "TOTAL_PAGE_VISIT",
                "conversions": "TOTAL_CONVERSIONS",
                "revenue": micros("TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR"),
            },
            following("items[].[id, name]", "bookmark", _CAMPAIGNS_A_CALL),
            window_days=30,
            history_days=90,
        ),
    ),
    oauth=OAuth("https://www.pinterest.com/oauth/", "/oauth/token", "ads:read", pkce=False, basic=True),
)
