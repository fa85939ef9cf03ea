"""What is kept of whoever sent an event, and what is not."""

import json
from datetime import timedelta

import pytest

from groundswell.events.ingest.bots import is_bot
from groundswell.events.ingest.visitor import network
from groundswell.http import caller
from tests.fakes.ingest import KEY, NOW

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BROWSER = {"x-api-key": KEY, "user-agent": FIREFOX}


def sent(api, event=None, headers=None, **context):
    payload = {"event": "Viewed", "type": "track", "userId": "ada", "anonymousId": "a1"} | (event or {})
    reply = api.post("/v1/track", payload | ({"context": context} if context else {}), headers or BROWSER)
    assert reply.status == 200
    return api.writer.events[-1]


def context_of(api, *args, **context):
    return json.loads(sent(api, *args, **context).context or b"{}")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("localhost", None),
        ("203.0.113.77.1", None),
        ("", None),
        ("::\0", None),
    ],
)
def test_addresses_lose_their_host(address, kept):
    assert network(address) == kept


def test_a_browsers_address_is_kept_as_a_network_and_a_servers_not_at_all(api):
    assert context_of(api)["ip"] == "203.0.113.0"
    assert context_of(api, headers={"x-api-key": KEY, "user-agent": "analytics-python/2"}) == {}


def test_behind_cloudfront_the_network_is_the_browsers_and_not_cloudfronts(api, monkeypatch):
    monkeypatch.setenv("SECRET_ORIGIN", "origin")
    monkeypatch.setattr(caller, "origin_secret", lambda: "only CloudFront knows")
    through = {"X-Origin-Secret": "only CloudFront knows", "X-Viewer-Address": "198.51.100.7"}

    assert context_of(api, headers=BROWSER | through)["ip"] == "198.51.100.0"
    assert api.post("/v1/track", {"event": "Viewed", "userId": "ada"}, BROWSER).status == 403
    assert len(api.writer.events) == 1


def test_no_address_is_stored_whole_wherever_it_stands(api):
    event = sent(api, {"properties": {"$ip": "198.51.100.7", "ip": "198.51.100.8", "plan": "pro"}}, ip="198.51.100.9")

    assert json.loads(event.context)["ip"] == "198.51.100.0"
    assert json.loads(event.properties) == {"$ip": "198.51.100.0", "ip": "198.51.100.0", "plan": "pro"}


def test_the_place_is_kept_as_far_as_a_city(api):
    headers = {
        "cloudfront-viewer-country": "DE",
        "cloudfront-viewer-city": "Bremen",
        "cloudfront-viewer-latitude": "53.07",
    }

    assert context_of(api, headers=BROWSER | headers)["geo"] == {"country": "DE", "city": "Bremen"}
    assert "geo" not in context_of(api, headers={**headers, "x-api-key": KEY, "user-agent": "a server's SDK"})


@pytest.mark.parametrize(
    ("agent", "bot"),
    [
        (FIREFOX, False),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", False),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0 Safari/537.36", True),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)", True),
        ("facebookexternalhit/1.1", True),
    ],
)
def test_bots_are_counted_and_flagged(api, agent, bot):
    assert is_bot(agent) is bot
    assert context_of(api, userAgent=agent).get("bot", False) is bot


def test_a_bot_is_known_by_the_request_too(api):
    assert context_of(api, headers=BROWSER | {"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"})["bot"] is True


def test_campaign_and_referrer_have_one_place(api):
    page = {
        "url": "https://shop.example/?utm_source=news&utm_medium=mail&utm_campaign=spring%20sale&utm_id=7&x=1",
        "referrer": "https://www.search.example/q?a=b",
    }

    context = context_of(api, page=page)
    assert context["campaign"] == {"source": "news", "medium": "mail", "name": "spring sale", "id": "7"}
    assert context["referrer"] == {"domain": "search.example", "url": page["referrer"]}
    assert context["page"] == page
    by_search = context_of(api, page={"url": "https://shop.example/", "search": "?utm_source=news"})
    assert by_search["campaign"] == {"source": "news"}
    own_context = context_of(api, page=page, campaign={"name": "mine"})
    assert own_context["campaign"] == {"name": "mine"}


TAGGED = "https://shop.example/?utm_source=news&utm_medium=mail"
FROM = "https://www.search.example/q?a=b"
ARRIVED = {"source": "news", "medium": "mail"}


@pytest.mark.parametrize(
    ("path", "event"),
    [
        ("/v1/page", {"properties": {"url": TAGGED, "referrer": FROM}}),
        ("/v1/page", {"properties": {"url": "https://shop.example/", "search": TAGGED[21:], "referrer": FROM}}),
        (
            "/v1/track",
            {
                "event": "e",
                "properties": {"utm_source": "news", "utm_medium": "mail"},
                "context": {"page": {"referrer": FROM}},
            },
        ),
        ("/v1/track", {"event": "e", "context": {"utm_source": "news", "utm_medium": "mail", "referrer": FROM}}),
        ("/v1/track", {"event": "e", "context": {"page_url": TAGGED, "referrer": FROM, "campaign": {}}}),
        (
            "/v1/track",
            {"event": "e", "context": {"page": {"url": TAGGED, "referrer": FROM}}, "properties": {"utm_source": "x"}},
        ),
        ("/sdk/event", {"event": "e", "url": TAGGED, "referrer": FROM}),
        ("/capture", {"event": "e", "distinct_id": "d", "properties": {"$current_url": TAGGED, "$referrer": FROM}}),
        (
            "/capture",
            {
                "event": "e",
                "distinct_id": "d",
                "properties": {"$referrer": FROM, "utm_source": "news", "utm_medium": "mail"},
            },
        ),
    ],
)
def test_campaign_and_referrer_are_found_wherever_sdks_write_them(api, path, event):
    assert api.post(path, event, BROWSER).status in (200, 202)

    context = json.loads(api.writer.events[-1].context)
    assert context["campaign"] == ({"source": "x"} if event.get("properties", {}).get("utm_source") == "x" else ARRIVED)
    assert context["referrer"] == {"domain": "search.example", "url": FROM}


@pytest.mark.parametrize(
    ("page", "referrer"),
    [
        ("https://shop.example/cart", "https://shop.example/"),
        ("https://shop.example/cart", "https://www.shop.example/"),
        ("https://www.shop.example/cart", "http://SHOP.example:8080/"),
        ("https://shop.example/cart", "https://shop.example./"),
    ],
)
def test_the_pages_own_site_is_no_referrer(api, page, referrer):
    page_context = {"url": page, "referrer": referrer}

    assert "referrer" not in context_of(api, page=page_context)
    assert "referrer" not in context_of(api, page=page_context, referrer={"url": referrer, "type": "link"})
    assert context_of(api, page=page_context)["page"] == page_context


@pytest.mark.parametrize(
    "referrer", ["https://blog.shop.example/", "https://notshop.example/", "https://www2.shop.example"]
)
def test_another_host_is_another_site(api, referrer):
    context = context_of(api, page={"url": "https://shop.example/", "referrer": referrer})

    assert context["referrer"]["domain"] == referrer.split("/")[2]


def test_a_referrer_that_the_context_names_stays_as_it_is(api):
    referrer = {"url": "https://www.search.example/", "type": "search"}

    assert context_of(api, page={"url": "https://shop.example/"}, referrer=referrer)["referrer"] == referrer


def test_a_link_that_somebody_clicked_is_no_campaign_of_theirs(api):
    assert "campaign" not in context_of(api, {"properties": {"url": TAGGED, "referrer": FROM}})


@pytest.mark.parametrize(
    "page", ["text", None, {"url": 5}, {"url": "http://[bad", "referrer": "http://[bad"}, {"url": "?"}]
)
def test_an_odd_page_costs_nothing(api, page):
    assert context_of(api, page=page)["page"] == page


@pytest.mark.parametrize(
    "said",
    [
        {"context": {"sessionId": 1700000000000}},
        {"context": {"session_id": "1700000000000"}},
        {"properties": {"$session_id": "1700000000000"}},
    ],
)
def test_the_clients_session_is_taken_wherever_it_stands(api, said):
    assert sent(api, said).session_id == "1700000000000"


@pytest.mark.parametrize("asked", [{"dnt": "1"}, {"sec-gpc": "1"}])
def test_who_asks_for_privacy_is_counted_and_not_recognised(api, asked):
    payload = {
        "type": "track",
        "messageId": "m1",
        "timestamp": "2026-03-01T11:59:59Z",
        "traits": {"email": "ada@people.example"},
        "properties": {
            "plan": "pro",
            "revenue": 5,
            "$device_id": "d1",
            "email": "ada@people.example",
            "chain_id": 1,
            "wallet_address": "0x52908400098527886E0F7030069857D2E4169EE7",
            "tx_hash": "0x" + "ab" * 32,
        },
        "context": {"userAgent": FIREFOX, "ip": "198.51.100.9", "device": {"id": "d1"}, "page": {"path": "/"}},
    }
    event = sent(api, payload, headers=BROWSER | asked)

    assert (event.user_id, event.anonymous_id, event.session_id) == (None, None, None)
    assert (event.id, event.name, event.value) == ("m1", "Viewed", "5")
    assert (event.traits, event.extra) == (b"", b"")
    assert json.loads(event.properties) == {"plan": "pro", "revenue": 5, "chain_id": 1}
    assert json.loads(event.context) == {"page": {"path": "/"}}
    assert json.loads(event.web3) == {"chain": "eip155:1"}


def test_late_events_are_accepted_and_reported(api, capsys):
    at = [(NOW - timedelta(hours=hours)).isoformat() for hours in (1, 23, 25, 24 * 4000)]
    reply = api.post(
        "/v1/batch", {"batch": [{"type": "track", "event": "e", "timestamp": timestamp} for timestamp in at]}
    )

    assert (reply.json["accepted"], reply.json["late"]) == (4, 2)
    assert json.loads(capsys.readouterr().out)["EventsLate"] == 2


@pytest.mark.parametrize("spelling", ["ip", "$ip", "ip_address", "ipAddress"])
def test_a_server_that_names_an_address_has_it_stored_as_a_network(api, spelling):
    event = sent(
        api, {"properties": {spelling: "198.51.100.7"}}, {"x-api-key": KEY, "user-agent": "analytics-python/2"}
    )

    assert json.loads(event.properties) == {spelling: "198.51.100.0"}
