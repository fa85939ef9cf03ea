"""LinkedIn Marketing API, version 202607, https://learn.microsoft.com/linkedin/marketing."""

from typing import Any
from urllib.parse import quote

from groundswell.integrations.catalogue.signing import bearer
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS, get
from groundswell.integrations.paging import cursor_at
from groundswell.integrations.platform import Accounts, At, Call, OAuth, Platform, Settings, Stream

_FIELDS = (
    "dateRange,pivotValues,costInLocalCurrency,impressions,clicks,landingPageClicks,"
    "externalWebsiteConversions,conversionValueInLocalCurrency"
)


def _report(at: At) -> Call:
    """Parentheses and commas stay as they are, the colons of a URN must not."""
    account = quote(f"urn:li:sponsoredAccount:{at.account.id}", safe="")
    ends = ",".join(
        f"{name}:(year:{day.year},month:{day.month},day:{day.day})"
        for name, day in (("start", at.first), ("end", at.last))
    )
    return Call(
        "GET",
        f"/adAnalytics?q=analytics&pivot=(value:CAMPAIGN)&timeGranularity=(value:DAILY)&accounts=List({account})"
        f"&dateRange=({ends})&fields={_FIELDS}",
    )


def _day(raw: Any, settings: Settings) -> str:
    start = raw["dateRange"]["start"]
    return f"{start['year']:04}-{start['month']:02}-{start['day']:02}"


def _campaign(raw: Any, settings: Settings) -> str:
    return str(raw["pivotValues"][0]).rpartition(":")[2]


PLATFORM = Platform(
    name="linkedin_ads",
    title="LinkedIn Ads",
    category="ads",
    auth="oauth2",
    url="https://api.linkedin.com",
    prefix="/rest",
    headers={"linkedin-version": "202607", "x-restli-protocol-version": "2.0.0"},
    credentials=OAUTH_TOKENS,
    sign=bearer,
    message="message",
    accounts=Accounts(
        lambda at: get("/adAccounts", {"q": "search", "pageSize": 500, "pageToken": at.cursor}),
        "elements",
        {"id": "id", "name": "name", "currency": "currency"},
        cursor_at("metadata.nextPageToken"),
        spelled=lambda text: text.strip().rpartition(":")[2],
    ),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            _report,
            "elements",
            {
                "date": _day,
                "campaign_id": _campaign,
                "spend": "costInLocalCurrency",
                "impressions": "impressions",
                "clicks": "clicks",
                "landing_page_views": "landingPageClicks",
                "conversions": "externalWebsiteConversions",
                "revenue": "conversionValueInLocalCurrency",
            },
            window_days=30,
        ),
    ),
    oauth=OAuth(
        "https://www.linkedin.com/oauth/v2/authorization",
        "/oauth/v2/accessToken",
        "r_ads r_ads_reporting",
        "https://www.linkedin.com",
        pkce=False,
    ),
)
