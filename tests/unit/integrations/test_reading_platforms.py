"""What platforms' answers mean, where a status or a table of fields does not say it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from groundswell.integrations.addressing import Places, addressed, followed, token_url
from groundswell.integrations.catalogue import platform, platforms
from groundswell.integrations.facts import AdRow
from groundswell.integrations.intake import _with_distinct_ids
from groundswell.integrations.model import PlatformNotFound
from groundswell.integrations.paging import path_of, url_at
from groundswell.integrations.platform import Account, At, Call
from groundswell.integrations.problems import Problem, Reply, problem_of
from groundswell.integrations.records import Malformed, ad_row, record

DAY = date(2026, 11, 1)
META = platform("meta_ads")
CREDENTIALS = {
    **dict.fromkeys(("access_token", "client_id", "client_secret", "access_token_secret"), "t"),
    **dict.fromkeys(("consumer_key", "consumer_secret"), "t"),
    "shop": "acme",
    "instance_url": "https://acme.my.salesforce.com/",
    "api_key": "k-us21",
    "store_url": "shop.example",
}


def at(**more: Any) -> At:
    start = {"account": Account("7"), "first": DAY, "last": DAY, "since": None, "cursor": None, "credentials": {}}
    return At(**start | more)


def judged(name: str, status: int, content: Any, **headers: str) -> Problem:
    named = platform(name)
    reply_headers = {key.replace("_", "-"): value for key, value in headers.items()}
    problem = problem_of(Reply(status, reply_headers, json.dumps(content).encode()), named.message, named.classify)
    assert problem is not None
    return problem


def meta_row(settings: dict[str, str] | None = None, **raw: Any) -> AdRow:
    whole = {"date_start": "2026-11-01", "campaign_id": 5, **raw}
    return ad_row(META, META.streams[0], Account("7", currency="usd"), whole, settings or {})


@pytest.mark.parametrize(
    ("name", "status", "content", "kind", "wait"),
    [
        ("tiktok_ads", 200, {"code": 40100, "message": "limit"}, "throttled", None),
        ("tiktok_ads", 200, {"code": 40001, "message": "no"}, "permission", None),
        ("tiktok_ads", 200, {"code": 40002, "message": "what"}, "bad_request", None),
        ("tiktok_ads", 200, {"code": 50000, "message": "oops"}, "transient", None),
        ("meta_ads", 400, {"error": {"code": 190, "message": "x"}}, "auth", None),
        ("meta_ads", 400, {"error": {"code": 80004, "message": "x"}}, "throttled", None),
        ("meta_ads", 400, {"error": {"code": 2, "message": "x"}}, "transient", None),
        ("meta_ads", 400, {"error": {"code": 100, "message": "x"}}, "bad_request", None),
        ("shopify", 200, {"errors": [{"message": "x", "extensions": {"code": "ACCESS_DENIED"}}]}, "permission", None),
        ("salesforce", 403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "x"}], "throttled", 900.0),
        ("stripe", 409, {"error": {"message": "lock"}}, "transient", None),
        ("snapchat_ads", 200, {"request_status": "ERROR", "debug_message": "x"}, "bad_request", None),
        ("klaviyo", 500, {}, "transient", None),
        ("reddit_ads", 403, {"error": {"message": "x"}}, "permission", None),
    ],
)
def test_an_error_is_known_for_what_it_is(name: str, status: int, content: Any, kind: str, wait: float | None) -> None:
    problem = judged(name, status, content)
    assert (problem.kind, problem.retry_after) == (kind, wait)


def test_waits_are_what_platforms_say_in_header_or_body() -> None:
    google = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [{"retryDelay": "37s"}]}}
    usage = json.dumps({"7": [{"estimated_time_to_regain_access": 3}]})
    meta = {"error": {"code": 17, "message": "x"}}
    assert judged("google_ads", 429, google).retry_after == 37.0
    assert judged("meta_ads", 400, meta, x_business_use_case_usage=usage).retry_after == 180.0
    assert judged("klaviyo", 429, {}, retry_after="4").retry_after == 4.0


def test_a_next_page_is_followed_on_the_host_that_was_asked_without_the_token_in_it() -> None:
    content = {"paging": {"next": "https://evil.example/v26.0/x?after=2&access_token=t"}}
    next_url = url_at("paging.next")(content, {}, at())
    assert next_url == "/v26.0/x?after=2"
    url, _ = followed(META, next_url, Call("GET", "/x"), {"access_token": "t"}, Places("http://127.0.0.1:9/v26.0/"))
    assert url == "http://127.0.0.1:9/v26.0/x?after=2&access_token=t"
    assert path_of("/services/data/v67.0/query/01g-500") == "/services/data/v67.0/query/01g-500"


def test_addresses_of_a_stage_may_end_before_the_version_or_after_it() -> None:
    call, stripe = Call("GET", "/x"), platform("stripe")
    for base in ("http://127.0.0.1:9", "http://127.0.0.1:9/", "http://127.0.0.1:9/v1"):
        assert addressed(stripe, call, CREDENTIALS, Places(base))[0] == "http://127.0.0.1:9/v1/x"
    own = {platform.name: addressed(platform, call, CREDENTIALS, Places())[0] for platform in platforms()}
    assert own["salesforce"] == "https://acme.my.salesforce.com/services/data/v67.0/x"
    assert own["shopify"] == "https://acme.myshopify.com/admin/api/2026-10/x"
    assert own["mailchimp"] == "https://us21.api.mailchimp.com/3.0/x"
    assert all(url.startswith("https://") for url in own.values())


def test_tokens_are_asked_of_oauths_own_host_or_the_apis() -> None:
    there = {
        platform.name: token_url(platform, platform.oauth, CREDENTIALS, Places())
        for platform in platforms()
        if platform.oauth
    }
    assert there["meta_ads"] == "https://graph.facebook.com/v26.0/oauth/access_token"
    assert there["google_ads"] == there["ga4"] == "https://oauth2.googleapis.com/token"
    assert there["pinterest_ads"] == "https://api.pinterest.com/v5/oauth/token"
    assert there["shopify"] == "https://acme.myshopify.com/admin/oauth/access_token"


def test_what_is_not_told_is_unknown() -> None:
    row = meta_row(clicks="0")
    assert (row.clicks, row.spend, row.impressions, row.conversions, row.currency) == (0, None, None, None, "USD")


@pytest.mark.parametrize(
    "spoiled",
    [{"clicks": "1.5"}, {"clicks": -1}, {"spend": "NaN"}, {"spend": "1e99"}, {"campaign_id": None}, {"date_start": ""}],
)
def test_what_is_no_number_day_or_id_is_put_aside(spoiled: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        meta_row(**spoiled)


def test_overlapping_purchases_are_not_added_and_the_connection_may_choose_its_conversion() -> None:
    counts = (("purchase", "3"), ("omni_purchase", "4"), ("lead", "9"))
    actions = [{"action_type": name, "value": value} for name, value in counts]
    conversions = [
        meta_row({"conversion_action": name} if name else {}, actions=actions).conversions for name in ("", "lead", "x")
    ]
    assert conversions == [4, 9, None]


def test_rows_of_one_campaign_and_day_are_parts_of_it_and_the_same_ones_on_the_next_page_are_not() -> None:
    page = [meta_row(clicks=clicks) for clicks in (1, 2, 1)]
    apart = _with_distinct_ids(page, {})
    assert {row.id: row.clicks for row in apart} == {"5": 1, "5|2": 2, "5|3": 1}
    came = {(row.date, row.id): row for row in apart}
    assert [row.id for row in _with_distinct_ids([*page[1:], meta_row(clicks=3)], came)] == ["5|2", "5", "5|4"]


def test_currencies_without_cents_and_large_records() -> None:
    charges, account = platform("stripe").streams[0], Account("a")
    raws = [{"id": "c", "amount": 1234, "currency": currency, "created": 1} for currency in ("usd", "jpy", "kwd")]
    assert [record(charges, account, raw, {}).fields["amount"] for raw in raws] == ["12.34", "1234", "1.234"]
    with pytest.raises(Malformed, match="larger"):
        record(charges, account, {"id": "c", "created": 1, "blob": "x" * 10_000_000}, {})


def test_hubspots_search_goes_on_from_the_last_change_beyond_ten_thousand_results() -> None:
    stream = platform("hubspot").streams[0]
    assert stream.next is not None
    here = at(since=datetime(2026, 11, 1, tzinfo=UTC), cursor="@9900")
    last = {"properties": {"lastmodifieddate": "2026-11-05T00:00:00Z"}}
    cursor = stream.next({"results": [last], "paging": {"next": {"after": "10000"}}}, {}, here)
    assert cursor == "1793836800000@0"
    body = stream.ask(at(since=here.since, cursor=cursor)).body
    assert (body["filterGroups"][0]["filters"][0]["value"], body["after"]) == ("1793836800000", "0")


def test_facebook_is_meta_and_an_unknown_platform_is_none() -> None:
    assert platform("facebook") is platform("Facebook-Ads") is platform("meta_ads")
    with pytest.raises(PlatformNotFound):
        platform("myspace")
