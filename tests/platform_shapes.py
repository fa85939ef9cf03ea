"""How the eighteen platforms answer, by their documentation (see the files in `groundswell/integrations/catalogue`)."""

# ruff: noqa: E501 - answers stand on one line, as documentation has them

import base64
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.platforms import Answer, Peer, Request

DAYS = [
    ("2026-11-01", "1", 10),
    ("2026-11-01", "2", 20),
    ("2026-11-02", "1", 30),
    ("2026-11-02", "2", 40),
    ("2026-11-03", "1", 50),
]
"""Day, campaign, clicks: impressions are a hundred times, spend a tenth of these."""
CLICKS, IMPRESSIONS, SPEND = 150, 15000, "15.00"
PEOPLE = [{"id": str(n), "email": f"p{n}@people.example", "at": f"2026-11-0{n}T10:00:00Z"} for n in range(1, 6)]


@dataclass(frozen=True, eq=False)
class Shape:
    """`words` are the platform's own about a token that does not work; `pages` how many of its first stream it serves."""

    name: str
    credentials: dict[str, str]
    serve: Callable[[Peer, Request], Answer]
    expired: Answer
    throttled: Answer
    words: str
    token_path: str = ""
    token_of: Callable[[Request], str | None] = lambda request: request.bearer
    account: str = ""
    stream: str = "ads_insights"
    lacks: frozenset[str] = frozenset()
    """Metrics that it does not tell."""

    @property
    def ads(self) -> bool:
        return self.stream == "ads_insights"


_OAUTH = {"access_token": "token-1", "refresh_token": "r1", "client_id": "app", "client_secret": "shh"}


def _inside(peer: Peer, first: str, last: str) -> list[Any]:
    return [row for row in peer.rows if first[:10] <= row[0] <= last[:10]]


def _meta(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/me/adaccounts"):
        return 200, {
            "data": [{"account_id": "7", "id": "act_7", "name": "A", "currency": "USD", "timezone_name": "UTC"}]
        }
    window = json.loads(request.query["time_range"])
    rows, following = peer.page(request.query.get("after"), _inside(peer, window["since"], window["until"]))
    data = [
        {
            "campaign_id": campaign,
            "campaign_name": f"C{campaign}",
            "account_currency": "USD",
            "date_start": day,
            "date_stop": day,
            "spend": f"{clicks / 10:.2f}",
            "impressions": str(clicks * 100),
            "clicks": str(clicks),
            "a_new_field": {"of": "tomorrow"},
            "actions": [
                {"action_type": "landing_page_view", "value": "3"},
                {"action_type": "omni_purchase", "value": "1"},
            ],
            "action_values": [{"action_type": "omni_purchase", "value": "9.5"}],
        }
        for day, campaign, clicks in rows
    ]
    query = "&".join(f"{name}={value}" for name, value in request.query.items() if name != "after")
    more = {"next": f"https://graph.facebook.com{request.path}?{query}&after={following}"} if following else {}
    return 200, {"data": data, "paging": {"cursors": {}, **more}}


def _google(peer: Peer, request: Request) -> Answer:
    if request.path.endswith(":listAccessibleCustomers"):
        return 200, {"resourceNames": ["customers/7"]}
    first, last = request.json["query"].split("'")[1::2]
    peer.served += 1
    results = [
        {
            "customer": {"currencyCode": "USD"},
            "campaign": {"resourceName": f"customers/7/campaigns/{campaign}", "id": campaign, "name": f"C{campaign}"},
            "metrics": {
                "clicks": str(clicks),
                "costMicros": str(clicks * 100_000),
                "impressions": str(clicks * 100),
                "conversions": 1.5,
                "conversionsValue": 9.5,
            },
            "segments": {"date": day},
        }
        for day, campaign, clicks in _inside(peer, first, last)
    ]
    return 200, [{"results": results[:2], "requestId": "a"}, {"results": results[2:], "requestId": "a"}]


def _tiktok(peer: Peer, request: Request) -> Answer:
    def ok(data: Any) -> Answer:
        return 200, {"code": 0, "message": "OK", "request_id": "r", "data": data}

    if request.path.endswith("/advertiser/info/"):
        return ok({"list": [{"advertiser_id": "7", "name": "A", "currency": "USD", "timezone": "UTC"}]})
    if request.path.endswith("/advertiser/get/"):
        return ok({"list": [{"advertiser_id": "7", "advertiser_name": "A"}]})
    every = _inside(peer, request.query["start_date"], request.query["end_date"])
    page = int(request.query["page"])
    rows, _ = peer.page((page - 1) * peer.page_size, every)
    listed = [
        {
            "dimensions": {"campaign_id": campaign, "stat_time_day": f"{day} 00:00:00"},
            "metrics": {
                "campaign_name": f"C{campaign}",
                "currency": "USD",
                "spend": f"{clicks / 10}",
                "impressions": str(clicks * 100),
                "clicks": str(clicks),
                "conversion": "1",
                "total_landing_page_view": "3",
                "total_purchase_value": "9.5",
            },
        }
        for day, campaign, clicks in rows
    ]
    return ok({"list": listed, "page_info": {"page": page, "total_page": -(-len(every) // peer.page_size)}})


def _linkedin(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/adAccounts"):
        return 200, {"elements": [{"id": 7, "name": "A", "currency": "USD"}], "metadata": {}}
    peer.served += 1
    assert "urn:li:sponsoredAccount:7" in request.query["accounts"]
    return 200, {
        "elements": [
            {
                "pivotValues": [f"urn:li:sponsoredCampaign:{campaign}"],
                "dateRange": {"start": {"year": 2026, "month": 11, "day": int(day[-2:])}},
                "costInLocalCurrency": f"{clicks / 10}",
                "impressions": clicks * 100,
                "clicks": clicks,
                "landingPageClicks": 3,
                "externalWebsiteConversions": 1,
                "conversionValueInLocalCurrency": "9.5",
            }
            for day, campaign, clicks in _inside(peer, *_linkedin_range(request.query["dateRange"]))
        ],
        "paging": {"start": 0, "count": 10, "links": []},
    }


def _linkedin_range(text: str) -> list[str]:
    """`(start:(year:2026,month:11,day:1),end:(…))`."""
    return [f"{y}-{int(m):02}-{int(d):02}" for y, m, d in re.findall(r"year:(\d+),month:(\d+),day:(\d+)", text)]


def _x(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/accounts"):
        return 200, {"data": [{"id": "7", "name": "A", "currency": "USD", "timezone": "UTC"}], "next_cursor": None}
    if request.path.endswith("/campaigns"):
        rows, following = peer.page(request.query.get("cursor"), [{"id": "1", "name": "C1"}, {"id": "2", "name": "C2"}])
        return 200, {"data": rows, "next_cursor": str(following) if following else None}
    days = [f"2026-11-{day:02}" for day in range(1, 31)]
    first, last = request.query["start_time"][:10], request.query["end_time"][:10]
    wanted = [day for day in days if first <= day < last]
    known = {(day, campaign): clicks for day, campaign, clicks in peer.rows}
    lead = _days_between(first, wanted[0]) if wanted else 0
    data = []
    for campaign in request.query["entity_ids"].split(","):
        counts = [None] * lead + [known.get((day, campaign)) for day in wanted]
        metrics = {
            "impressions": [None if c is None else c * 100 for c in counts],
            "clicks": counts,
            "billed_charge_local_micro": [None if c is None else c * 100_000 for c in counts],
        }
        data.append({"id": campaign, "id_data": [{"segment": None, "metrics": metrics}]})
    return 200, {"data": data, "time_series_length": 7}


def _days_between(first: str, last: str) -> int:
    from datetime import date

    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _microsoft(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/Submit"):
        return 200, {"ReportRequestId": json.dumps(request.json["ReportRequest"]["Time"])}
    if request.path.endswith("/Poll"):
        peer.served += 1
        if peer.served % 2:
            return 200, {"ReportRequestStatus": {"Status": "Pending", "ReportDownloadUrl": None}}
        return 200, {"ReportRequestStatus": {"Status": "Success", "ReportDownloadUrl": f"{peer.url}/report.zip"}}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["TimePeriod", "CampaignId", "CampaignName", "CurrencyCode", "Spend", "Impressions", "Clicks"])
    for day, campaign, clicks in peer.rows:
        writer.writerow([day, campaign, f"C{campaign}", "USD", clicks / 10, clicks * 100, clicks])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("report.csv", "\ufeff" + text.getvalue())
    return 200, packed.getvalue()


def _pinterest(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/ad_accounts"):
        return 200, {"items": [{"id": "7", "name": "A", "currency": "USD", "time_zone": "UTC"}], "bookmark": None}
    if request.path.endswith("/campaigns"):
        return 200, {"items": [{"id": "1", "name": "C1"}, {"id": "2", "name": "C2"}], "bookmark": None}
    peer.served += 1
    wanted = request.query["campaign_ids"].split(",")
    return 200, [
        {
            "DATE": day,
            "CAMPAIGN_ID": campaign,
            "SPEND_IN_DOLLAR": clicks / 10,
            "PAID_IMPRESSION": clicks * 100,
            "TOTAL_CLICKTHROUGH": clicks,
            "TOTAL_PAGE_VISIT": 3,
            "TOTAL_CONVERSIONS": 1,
            "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR": 9_500_000,
        }
        for day, campaign, clicks in _inside(peer, request.query["start_date"], request.query["end_date"])
        if campaign in wanted
    ]


def _snapchat(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/me/organizations"):
        account = {"id": "7", "name": "A", "currency": "USD", "timezone": "America/Los_Angeles"}
        return 200, {"organizations": [{"organization": {"ad_accounts": [account]}}], "paging": {}}
    first, end = request.query["start_time"], request.query["end_time"]
    assert first[10:23] == "T00:00:00.000"
    assert first[23:] in ("-07:00", "-08:00")
    every = [row for row in peer.rows if first[:10] <= row[0] < end[:10]]
    rows, following = peer.page(request.query.get("cursor"), every)
    campaigns = [
        {
            "id": campaign,
            "type": "CAMPAIGN",
            "timeseries": [
                {
                    "start_time": f"{day}T00:00:00.000-08:00",
                    "stats": {"impressions": clicks * 100, "swipes": clicks, "spend": clicks * 100_000},
                }
            ],
        }
        for day, campaign, clicks in rows
    ]
    query = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in request.query.items() if name != "cursor")
    paging = {"next_link": f"https://adsapi.snapchat.com{request.path}?{query}&cursor={following}"} if following else {}
    stat = {"id": "7", "type": "AD_ACCOUNT", "breakdown_stats": {"campaign": campaigns}}
    stats = [{"sub_request_status": "success", "timeseries_stat": stat}]
    return 200, {"request_status": "success", "timeseries_stats": stats, "paging": paging}


def _reddit(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/me/ad_accounts"):
        return 200, {"data": [{"id": "7", "name": "A", "currency": "USD", "time_zone_id": "UTC"}]}
    data = request.json["data"]
    every = [row for row in peer.rows if data["starts_at"][:10] <= row[0] < data["ends_at"][:10]]
    rows, following = peer.page(request.query.get("page.token"), every)
    metrics = [
        {"campaign_id": campaign, "date": day, "impressions": clicks * 100, "clicks": clicks, "spend": clicks * 100_000}
        for day, campaign, clicks in rows
    ]
    more = {"next_url": f"https://ads-api.reddit.com{request.path}?page.token={following}"} if following else {}
    return 200, {"data": {"metrics": metrics}, "pagination": more}


def _pipedrive(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/deals"):
        return 200, {"success": True, "data": [], "additional_data": {}}
    rows, following = peer.page(request.query.get("cursor"))
    data = [
        {
            "id": int(row["id"]),
            "name": f"P {row['id']}",
            "update_time": row["at"],
            "emails": [{"value": row["email"], "primary": True}],
        }
        for row in rows
    ]
    return 200, {
        "success": True,
        "data": data,
        "additional_data": {"next_cursor": str(following) if following else None},
    }


def _hubspot(peer: Peer, request: Request) -> Answer:
    if "deals" in request.path:
        return 200, {"results": [], "paging": {}}
    parameters = request.json if request.method == "POST" else request.query
    rows, following = peer.page(parameters.get("after"))
    results = [
        {
            "id": row["id"],
            "properties": {"email": row["email"], "firstname": "P", "lastmodifieddate": row["at"]},
            "archived": False,
        }
        for row in rows
    ]
    return 200, {"results": results, "paging": {"next": {"after": str(following)}} if following else {}}


def _salesforce(peer: Peer, request: Request) -> Answer:
    kind = "Contact" if "FROM Contact" in request.query.get("q", "FROM Contact") else "Other"
    if kind == "Other":
        return 200, {"totalSize": 0, "done": True, "records": []}
    rows, following = peer.page(request.path.rpartition("-")[2] if "-" in request.path else 0)
    records = [
        {"attributes": {"type": kind}, "Id": row["id"], "Email": row["email"], "SystemModstamp": row["at"]}
        for row in rows
    ]
    more = (
        {"done": False, "nextRecordsUrl": f"/services/data/v67.0/query/01g-{following}"}
        if following
        else {"done": True}
    )
    return 200, {"totalSize": len(peer.rows), **more, "records": records}


def _stripe(peer: Peer, request: Request) -> Answer:
    name = request.path.rpartition("/")[2]
    if name != "charges" or request.query.get("limit") == "1":
        return 200, {"object": "list", "data": [], "has_more": False, "url": f"/v1/{name}"}
    every = [
        {
            "id": f"ch_{row['id']}",
            "object": "charge",
            "amount": 1000 * int(row["id"]),
            "amount_refunded": 0,
            "currency": "jpy" if row["id"] == "5" else "usd",
            "created": 1_793_500_000 + int(row["id"]),
            "status": "succeeded",
            "customer": f"cus_{row['id']}",
            "billing_details": {"email": row["email"]},
        }
        for row in peer.rows
    ]
    after = request.query.get("starting_after")
    start = next((place + 1 for place, charge in enumerate(every) if charge["id"] == after), 0)
    rows, following = peer.page(start, every)
    return 200, {"object": "list", "data": rows, "has_more": following is not None, "url": "/v1/charges"}


def _shopify(peer: Peer, request: Request) -> Answer:
    query, variables = request.json["query"], request.json.get("variables") or {}
    if "orders(" not in query:
        empty = {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []}
        return 200, {"data": {"customers": empty, "shop": {"name": "Acme"}}}
    rows, following = peer.page(variables.get("c"))
    nodes = [
        {
            "id": f"gid://shopify/Order/{row['id']}",
            "name": f"#{row['id']}",
            "createdAt": row["at"],
            "updatedAt": row["at"],
            "displayFinancialStatus": "PAID",
            "email": row["email"],
            "currentTotalPriceSet": {"shopMoney": {"amount": "29.35", "currencyCode": "EUR"}},
        }
        for row in rows
    ]
    page = {"hasNextPage": following is not None, "endCursor": str(following) if following else "x"}
    return 200, {"data": {"orders": {"pageInfo": page, "nodes": nodes}}}


def _woocommerce(peer: Peer, request: Request) -> Answer:
    if not request.path.endswith("/orders") or request.query.get("per_page") == "1":
        return 200, [], {"X-WP-TotalPages": "1"}
    page = int(request.query["page"])
    rows, _ = peer.page((page - 1) * peer.page_size)
    orders = [
        {
            "id": int(row["id"]),
            "status": "processing",
            "currency": "USD",
            "total": "29.35",
            "date_modified_gmt": row["at"][:-1],
            "billing": {"email": row["email"]},
        }
        for row in rows
    ]
    return 200, orders, {"X-WP-TotalPages": str(-(-len(peer.rows) // peer.page_size))}


def _klaviyo(peer: Peer, request: Request) -> Answer:
    if not request.path.endswith("/profiles"):
        return 200, {"data": [], "links": {"next": None}}
    rows, following = peer.page(request.query.get("page[cursor]"))
    named = ("id", "email", "at")
    added = [{name: row[name] for name in row if name not in named} for row in rows]
    data = [
        {"type": "profile", "id": row["id"], "attributes": {"email": row["email"], "updated": row["at"], **more}}
        for row, more in zip(rows, added, strict=True)
    ]
    more = f"https://a.klaviyo.com/api/profiles?page%5Bcursor%5D={following}" if following else None
    return 200, {"data": data, "links": {"self": "x", "next": more}}


def _mailchimp(peer: Peer, request: Request) -> Answer:
    if request.path.endswith("/lists"):
        return 200, {"lists": [{"id": "7", "name": "News"}], "total_items": 1}
    rows, _ = peer.page(request.query["offset"])
    members = [
        {"id": row["id"], "email_address": row["email"], "status": "subscribed", "last_changed": row["at"]}
        for row in rows
    ]
    return 200, {"members": members, "total_items": len(peer.rows)}


def _ga4(peer: Peer, request: Request) -> Answer:
    window = request.json["dateRanges"][0]
    if request.json["limit"] == "1":
        return 200, {"rows": [], "rowCount": 0}
    every = _inside(peer, window["startDate"], window["endDate"])
    rows, _ = peer.page(request.json["offset"], every)
    return 200, {
        "dimensionHeaders": request.json["dimensions"],
        "metricHeaders": request.json["metrics"],
        "rows": [
            {
                "dimensionValues": [
                    {"value": value} for value in (day.replace("-", ""), f"C{campaign}", "s", "m", "/")
                ],
                "metricValues": [{"value": str(value)} for value in (clicks, clicks * 2, 1, "9.5", "0")],
            }
            for day, campaign, clicks in rows
        ],
        "rowCount": len(every),
        "metadata": {"currencyCode": "USD", "timeZone": "UTC"},
    }


def _basic(request: Request) -> str:
    return base64.b64decode(request.bearer or "Og==").decode().rpartition(":")[2]


def _query_token(request: Request) -> str:
    return request.query.get("access_token", "")


def _x_token(request: Request) -> str:
    return request.headers.get("authorization", "").partition('oauth_token="')[2].partition('"')[0]


_GOOGLE_EXPIRED = (
    401,
    {"error": {"code": 401, "message": "Request had invalid authentication credentials", "status": "UNAUTHENTICATED"}},
)
_FAILURE = {
    "errors": [
        {
            "errorCode": {"quotaError": "RESOURCE_EXHAUSTED"},
            "message": "Too many requests. Retry in 2 seconds.",
            "details": {"quotaErrorDetails": {"retryDelay": "2s"}},
        }
    ]
}
_GOOGLE_THROTTLED = (
    429,
    {
        "error": {
            "code": 429,
            "message": "Resource has been exhausted",
            "status": "RESOURCE_EXHAUSTED",
            "details": [_FAILURE],
        }
    },
)
_OVER = {"Retry-After": "2"}

SHAPES = (
    Shape(
        "meta_ads",
        {"access_token": "token-1"},
        _meta,
        (
            400,
            {
                "error": {
                    "message": "Error validating access token: Session has expired",
                    "type": "OAuthException",
                    "code": 190,
                    "error_subcode": 463,
                }
            },
        ),
        (400, {"error": {"message": "User request limit reached", "code": 17, "error_subcode": 2446079}}),
        "Session has expired",
        token_of=_query_token,
        account="7",
    ),
    Shape(
        "google_ads",
        {**_OAUTH, "developer_token": "dev"},
        _google,
        _GOOGLE_EXPIRED,
        _GOOGLE_THROTTLED,
        "invalid authentication",
        "/token",
        account="7",
        lacks=frozenset({"landing_page_views"}),
    ),
    Shape(
        "tiktok_ads",
        {"access_token": "token-1"},
        _tiktok,
        (200, {"code": 40105, "message": "Access token is incorrect or has been revoked.", "data": {}}),
        (200, {"code": 40100, "message": "App reaches the QPS limit", "data": {}}),
        "has been revoked",
        token_of=lambda request: request.headers.get("access-token", ""),
        account="7",
    ),
    Shape(
        "linkedin_ads",
        _OAUTH,
        _linkedin,
        (
            401,
            {
                "status": 401,
                "serviceErrorCode": 65601,
                "code": "EXPIRED_ACCESS_TOKEN",
                "message": "The token has expired",
            },
        ),
        (
            429,
            {
                "status": 429,
                "serviceErrorCode": 101,
                "message": "Resource level throttle limit for calls to this resource is reached.",
            },
        ),
        "has expired",
        "/oauth/v2/accessToken",
        account="7",
    ),
    Shape(
        "x_ads",
        {"access_token": "token-1", "access_token_secret": "s", "client_id": "app", "client_secret": "shh"},
        _x,
        (401, {"errors": [{"code": "UNAUTHORIZED_ACCESS", "message": "This request is not properly authenticated"}]}),
        (429, {"errors": [{"code": "TOO_MANY_REQUESTS", "message": "Rate limit exceeded"}]}, _OVER),
        "not properly authenticated",
        token_of=_x_token,
        account="7",
        lacks=frozenset({"landing_page_views", "conversions", "revenue"}),
    ),
    Shape(
        "microsoft_ads",
        {**_OAUTH, "account_id": "7", "developer_token": "dev"},
        _microsoft,
        (
            400,
            {
                "OperationErrors": [
                    {"Code": 109, "ErrorCode": "AuthenticationTokenExpired", "Message": "Authentication token expired."}
                ],
                "Type": "ApiFaultDetail",
            },
        ),
        (400, {"OperationErrors": [{"Code": 117, "ErrorCode": "CallRateExceeded", "Message": "Too many calls"}]}),
        "token expired",
        "/common/oauth2/v2.0/token",
        token_of=lambda request: None if request.path == "/report.zip" else request.bearer,
        account="7",
        lacks=frozenset({"landing_page_views", "conversions", "revenue"}),
    ),
    Shape(
        "pinterest_ads",
        _OAUTH,
        _pinterest,
        (401, {"code": 2, "message": "Authentication failed."}),
        (429, {"code": 8, "message": "You have exceeded your rate limit."}),
        "Authentication failed",
        "/v5/oauth/token",
        account="7",
    ),
    Shape(
        "snapchat_ads",
        _OAUTH,
        _snapchat,
        (401, {"request_status": "ERROR", "debug_message": "The token is expired", "error_code": "E1001"}),
        (429, {}),
        "token is expired",
        "/login/oauth2/access_token",
        account="7",
        lacks=frozenset({"landing_page_views", "conversions", "revenue"}),
    ),
    Shape(
        "reddit_ads",
        _OAUTH,
        _reddit,
        (401, {"error": {"code": 401, "message": "Unauthorized token"}}),
        (429, {"error": {"message": "slow"}}, _OVER),
        "Unauthorized token",
        "/api/v1/access_token",
        account="7",
        lacks=frozenset({"landing_page_views", "conversions", "revenue"}),
    ),
    Shape(
        "pipedrive",
        _OAUTH,
        _pipedrive,
        (401, {"success": False, "error": "unauthorized access"}),
        (429, {"success": False, "error": "rate"}, _OVER),
        "unauthorized access",
        "/oauth/token",
        stream="persons",
    ),
    Shape(
        "hubspot",
        _OAUTH,
        _hubspot,
        (
            401,
            {
                "status": "error",
                "category": "EXPIRED_AUTHENTICATION",
                "message": "The OAuth token used to make this call expired",
            },
        ),
        (
            429,
            {
                "status": "error",
                "message": "You have reached your ten_secondly_rolling limit.",
                "errorType": "RATE_LIMIT",
                "policyName": "TEN_SECONDLY_ROLLING",
            },
        ),
        "expired",
        "/oauth/v1/token",
        stream="contacts",
    ),
    Shape(
        "salesforce",
        {**_OAUTH, "instance_url": "https://acme.my.salesforce.com"},
        _salesforce,
        (401, [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]),
        (403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]),
        "Session expired",
        "/services/oauth2/token",
        stream="contacts",
    ),
    Shape(
        "stripe",
        {"api_key": "token-1"},
        _stripe,
        (401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided: sk_***"}}),
        (429, {"error": {"code": "rate_limit", "message": "Too many requests"}}),
        "Invalid API Key",
        stream="charges",
    ),
    Shape(
        "shopify",
        {"shop": "acme.myshopify.com", "access_token": "token-1"},
        _shopify,
        (401, {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}),
        (
            200,
            {
                "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
                "extensions": {
                    "cost": {
                        "requestedQueryCost": 202,
                        "throttleStatus": {"maximumAvailable": 2000, "currentlyAvailable": 2, "restoreRate": 100},
                    }
                },
            },
        ),
        "Invalid API key",
        token_of=lambda request: request.headers.get("x-shopify-access-token", ""),
        stream="orders",
    ),
    Shape(
        "woocommerce",
        {"store_url": "{url}", "consumer_key": "ck", "consumer_secret": "token-1"},
        _woocommerce,
        (
            401,
            {
                "code": "woocommerce_rest_cannot_view",
                "message": "Sorry, you cannot list resources.",
                "data": {"status": 401},
            },
        ),
        (503, {"message": "busy"}),
        "cannot list resources",
        token_of=_basic,
        stream="orders",
    ),
    Shape(
        "klaviyo",
        {"api_key": "token-1"},
        _klaviyo,
        (401, {"errors": [{"code": "not_authenticated", "detail": "Authentication credentials were not provided."}]}),
        (429, {"errors": [{"code": "throttled", "detail": "Request was throttled."}]}, _OVER),
        "credentials were not provided",
        stream="profiles",
    ),
    Shape(
        "mailchimp",
        {"api_key": "token1-us21"},
        _mailchimp,
        (401, {"title": "API Key Invalid", "status": 401, "detail": "Your API key may be invalid"}),
        (429, {"title": "Too Many Requests"}),
        "may be invalid",
        token_of=lambda request: _basic(request).replace("token1-us21", "token-1"),
        stream="members",
        account="7",
    ),
    Shape(
        "ga4",
        {**_OAUTH, "property_id": "7"},
        _ga4,
        _GOOGLE_EXPIRED,
        (429, {"error": {"code": 429, "message": "Exhausted property tokens", "status": "RESOURCE_EXHAUSTED"}}),
        "invalid authentication",
        "/token",
        stream="sessions",
        account="7",
    ),
)


def shape_of(name: str) -> Shape:
    return next(shape for shape in SHAPES if shape.name == name)
