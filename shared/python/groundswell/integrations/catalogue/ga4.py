"""Google Analytics 4: Data API v1beta, https://developers.google.com/analytics/devguides/reporting/data/v1."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from groundswell.integrations.catalogue.google import classify, oauth
from groundswell.integrations.catalogue.service_account import assertion, key_of
from groundswell.integrations.catalogue.signing import bearer
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS
from groundswell.integrations.paging import offset
from groundswell.integrations.platform import Account, At, Call, Field, Platform, Settings, Stream

_DIMENSIONS = ("date", "sessionCampaignName", "sessionSource", "sessionMedium", "landingPage")
_METRICS = ("sessions", "screenPageViews", "keyEvents", "totalRevenue", "advertiserAdCost")
_PAGE = 10_000


def _body(first: str, last: str, limit: int, start: str = "0") -> dict[str, Any]:
    return {
        "dateRanges": [{"startDate": first, "endDate": last}],
        "dimensions": [{"name": name} for name in _DIMENSIONS],
        "metrics": [{"name": name} for name in _METRICS],
        "limit": str(limit),
        "offset": start,
        "returnPropertyQuota": True,
    }


def _report(at: At) -> Call:
    body = _body(at.first.isoformat(), at.last.isoformat(), _PAGE, at.cursor or "0")
    return Call("POST", f"/properties/{at.account.id}:runReport", body=body)


def _rows(content: Any, at: At) -> Sequence[Any]:
    """Values under the names of their columns, and the report's currency."""
    names = [header["name"] for kind in ("dimensionHeaders", "metricHeaders") for header in content.get(kind) or []]
    currency = (content.get("metadata") or {}).get("currencyCode")
    return [{**dict(zip(names, _values(row), strict=False)), "currency": currency} for row in content.get("rows") or []]


def _values(row: Any) -> list[Any]:
    return [cell.get("value") for kind in ("dimensionValues", "metricValues") for cell in row.get(kind) or []]


def _id(raw: Any, settings: Settings) -> str:
    return "|".join(str(raw.get(name, "")) for name in _DIMENSIONS) if raw.get("date") else ""


def _day(raw: Any, settings: Settings) -> str:
    date = str(raw["date"])
    return f"{date[:4]}-{date[4:6]}-{date[6:8]}"


def _property(text: str) -> str:
    return text.strip().removeprefix("properties/")


PLATFORM = Platform(
    name="ga4",
    title="Google Analytics 4",
    category="analytics",
    auth="oauth2",
    url="https://analyticsdata.googleapis.com",
    prefix="/v1beta",
    credentials=(
        Field("property_id", "Property id", secret=False, aliases=("property",), pattern=r"(properties/)?\d{1,20}"),
        Field(
            "service_account",
            "Key file of a service account (JSON)",
            required=False,
            aliases=("service_account_json", "credentials_json", "key_file"),
            shape=key_of,
        ),
        *OAUTH_TOKENS,
    ),
    sign=bearer,
    classify=classify,
    probe=lambda at: Call(
        "POST", f"/properties/{at.account.id}:runReport", body=_body(at.first.isoformat(), at.last.isoformat(), 1)
    ),
    account=lambda credentials: Account(_property(credentials.get("property_id", ""))),
    streams=(
        Stream(
            "sessions",
            "other",
            _report,
            _rows,
            {
                "id": _id,
                "updated_at": _day,
                "date": _day,
                "campaign": "sessionCampaignName",
                "source": "sessionSource",
                "medium": "sessionMedium",
                "landing_page": "landingPage",
                "sessions": "sessions",
                "page_views": "screenPageViews",
                "conversions": "keyEvents",
                "amount": "totalRevenue",
                "ad_cost": "advertiserAdCost",
                "currency": "currency",
            },
            offset("rows", "rowCount"),
            window_days=30,
            lookback_days=3,
        ),
    ),
    oauth=replace(oauth("https://www.googleapis.com/auth/analytics.readonly"), assertion=assertion),
)
