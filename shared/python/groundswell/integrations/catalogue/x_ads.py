"""X Ads API 12, https://docs.x.com/x-ads-api. OAuth 1.0a with the user's tokens."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from groundswell.integrations.catalogue.campaigns_first import ask, following, items
from groundswell.integrations.catalogue.signing import oauth1
from groundswell.integrations.catalogue.wording import CLIENT_ID, CLIENT_SECRET, get, micros
from groundswell.integrations.paging import cursor_at
from groundswell.integrations.platform import Accounts, At, Call, Field, Platform, Stream

_CAMPAIGNS_A_CALL = 20


def _campaigns(at: At) -> Call:
    return get(f"/accounts/{at.account.id}/campaigns", {"count": 200, "cursor": at.cursor})


def _report(at: At, campaigns: Sequence[str]) -> Call:
    """The end is exclusive."""
    query = {
        "entity": "CAMPAIGN",
        "entity_ids": ",".join(campaigns),
        "start_time": f"{at.first}T00:00:00Z",
        "end_time": f"{at.last + timedelta(days=1)}T00:00:00Z",
        "granularity": "DAY",
        "placement": "ALL_ON_TWITTER",
        "metric_groups": "ENGAGEMENT,BILLING,WEB_CONVERSION",
    }
    return get(f"/stats/accounts/{at.account.id}", query)


def _rows(content: Any, at: At, names: Mapping[str, str]) -> Sequence[Any]:
    """One for each day of each campaign's arrays that has anything."""
    return [row for campaign in content.get("data") or [] for row in _of_campaign(campaign, at, names)]


def _of_campaign(entity: Any, at: At, names: Mapping[str, str]) -> Sequence[Any]:
    metrics = (entity.get("id_data") or [{}])[0].get("metrics") or {}
    days = {name: value for name, value in metrics.items() if isinstance(value, list)}
    length = max(map(len, days.values()), default=0)
    return [
        {
            "date": str(at.first + timedelta(days=number)),
            "campaign_id": entity["id"],
            "campaign_name": names.get(entity["id"]),
            **{name: value[number] for name, value in days.items() if number < len(value)},
        }
        for number in range(length)
        if any(number < len(value) and value[number] is not None for value in days.values())
    ]


PLATFORM = Platform(
    name="x_ads",
    title="X Ads",
    category="ads",
    auth="api_key",
    url="https://ads-api.x.com",
    prefix="/12",
    credentials=(
        Field("access_token", "User's access token", aliases=("token",)),
        Field("access_token_secret", "User's access token secret", aliases=("token_secret",)),
        CLIENT_ID,
        CLIENT_SECRET,
    ),
    sign=oauth1,
    message="errors[0].message",
    accounts=Accounts(
        lambda at: get("/accounts", {"count": 200, "cursor": at.cursor}),
        "data",
        {"id": "id", "name": "name", "currency": "currency", "timezone": "timezone"},
        cursor_at("next_cursor"),
    ),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            ask(_campaigns, _report, _CAMPAIGNS_A_CALL),
            items(_rows, _CAMPAIGNS_A_CALL),
            {
                "date": "date",
                "campaign_id": "campaign_id",
                "campaign": "campaign_name",
                "spend": micros("billed_charge_local_micro"),
                "impressions": "impressions",
                "clicks": "clicks",
                "conversions": "conversion_purchases.metric",
            },
            following("data[].[id, name]", "next_cursor", _CAMPAIGNS_A_CALL),
            window_days=7,
            history_days=90,
            lookback_days=14,
        ),
    ),
)
