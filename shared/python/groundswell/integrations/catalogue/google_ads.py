"""Google Ads API v26 over REST, https://developers.google.com/google-ads/api/rest/overview."""

from dataclasses import replace

from groundswell.integrations.catalogue.google import classify, oauth
from groundswell.integrations.catalogue.signing import bearer, with_headers
from groundswell.integrations.catalogue.wording import OAUTH_TOKENS, get, micros
from groundswell.integrations.platform import Accounts, At, Call, Credentials, Field, Platform, Stream

_QUERY = (
    "SELECT segments.date, campaign.id, campaign.name, customer.currency_code, metrics.cost_micros, "
    "metrics.impressions, metrics.clicks, metrics.conversions, metrics.conversions_value "
    "FROM campaign WHERE segments.date BETWEEN '{first}' AND '{last}'"
)


def sign(call: Call, credentials: Credentials) -> Call:
    signed = bearer(call, credentials)
    named = with_headers(signed, developer_token=credentials.get("developer_token", ""))
    manager = digits(credentials.get("login_customer_id", ""))
    return replace(named, headers={**named.headers, "login-customer-id": manager}) if manager else named


def digits(text: str) -> str:
    return "".join(character for character in text.rpartition("/")[2] if character.isdigit())


def _report(at: At) -> Call:
    query = _QUERY.format(first=at.first, last=at.last)
    return Call("POST", f"/customers/{at.account.id}/googleAds:searchStream", body={"query": query})


PLATFORM = Platform(
    name="google_ads",
    title="Google Ads",
    category="ads",
    auth="oauth2",
    url="https://googleads.googleapis.com",
    prefix="/v26",
    credentials=(
        *OAUTH_TOKENS,
        Field("developer_token", "Developer token", required=False),
        Field("login_customer_id", "Manager account", required=False, secret=False, aliases=("manager_id",)),
    ),
    sign=sign,
    classify=classify,
    message="error.message || [0].error.message",
    accounts=Accounts(
        lambda at: get("/customers:listAccessibleCustomers"),
        "resourceNames",
        {"id": lambda raw, _: digits(str(raw)), "name": lambda raw, _: digits(str(raw))},
        complete=False,  # accounts below a manager are not in it
        spelled=digits,
    ),
    streams=(
        Stream(
            "ads_insights",
            "ads",
            _report,
            "[].results[]",
            {
                "date": "segments.date",
                "campaign_id": "campaign.id",
                "campaign": "campaign.name",
                "spend": micros("metrics.costMicros"),
                "currency": "customer.currencyCode",
                "impressions": "metrics.impressions",
                "clicks": "metrics.clicks",
                "conversions": "metrics.conversions",
                "revenue": "metrics.conversionsValue",
            },
            window_days=14,
            lookback_days=30,
        ),
    ),
    oauth=oauth("https://www.googleapis.com/auth/adwords"),
)
