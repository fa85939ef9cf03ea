"""What platforms post to us, and people whom they send back: verified, taken once, and never believed on their word."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from groundswell.integrations.oauth import challenge
from tests.gateway import Answer
from tests.integration.integrations.conftest import Platforms
from tests.platforms import Peer
from tests.timers import due_timers

SECRET = "whsec_test"


def signed(body: bytes, at: float, secret: str = SECRET) -> str:
    text = f"{int(at)}.".encode() + body
    return f"t={int(at)},v1={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"


def post(platforms: Platforms, path: str, body: bytes, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return platforms.admin.gateway.call("POST", f"={path}", body, headers={"content-type": "application/json", **named})


def hook_path(platforms: Platforms, name: str) -> str:
    return urlsplit(platforms.status(name)["webhook_url"]).path


def charge(refunded: int, event_id: str, created: int) -> bytes:
    content = {
        "id": "ch_old",
        "object": "charge",
        "amount": 1000,
        "amount_refunded": refunded,
        "currency": "usd",
        "created": 1_700_000_000,
        "status": "succeeded",
    }
    return json.dumps({"id": event_id, "object": "event", "created": created, "data": {"object": content}}).encode()


@pytest.fixture
def stripe(platforms: Platforms) -> Iterator[Peer]:
    with platforms.serving("stripe", rows=[]) as peer:
        credentials = {"api_key": "token-1", "webhook_secret": SECRET}
        assert platforms.admin.post("/integrations/stripe", {"credentials": credentials}).status == 201
        platforms.run()
        yield peer


def test_an_event_of_stripe_is_taken_once_and_never_overtaken_by_an_older_one(
    platforms: Platforms, stripe: Peer
) -> None:
    path, now = hook_path(platforms, "stripe"), time.time()
    new, old = charge(400, "evt_2", 1_796_000_200), charge(0, "evt_1", 1_796_000_100)
    assert post(platforms, path, new, stripe_signature=signed(new, now)).data == {"news": True}
    assert post(platforms, path, new, stripe_signature=signed(new, now)).data == {"news": False}
    assert post(platforms, path, old, stripe_signature=signed(old, now)).data == {"news": True}

    (record,) = platforms.data("stripe").data
    assert (record["id"], record["fields"]["amount"], record["raw"]["amount_refunded"]) == ("ch_old", "10.00", 400)


@pytest.mark.parametrize("spoiled", ["secret", "time", "body", "nothing"])
def test_what_stripe_did_not_sign_is_refused(platforms: Platforms, stripe: Peer, spoiled: str) -> None:
    path, body = hook_path(platforms, "stripe"), charge(0, "evt_1", 1)
    signature = {
        "secret": signed(body, time.time(), "another"),
        "time": signed(body, time.time() - 301),
        "body": signed(body + b" ", time.time()),
        "nothing": "",
    }[spoiled]
    answer = post(platforms, path, body, stripe_signature=signature)
    assert (answer.status, answer.code) == (400, "SIGNATURE_INVALID")
    assert platforms.data("stripe").data == []
    wrong = path[:-3] + "aaa"
    assert post(platforms, wrong, body, stripe_signature=signed(body, time.time())).status == 404


def test_shopifys_webhook_begins_one_sync_a_minute_and_metas_question_is_answered(platforms: Platforms) -> None:
    platforms.backend.configure(SHOPIFY_CLIENT_ID="app", SHOPIFY_CLIENT_SECRET="shh")
    with platforms.serving("shopify") as peer:
        platforms.connect(peer)
        platforms.run()
        path, body = hook_path(platforms, "shopify"), b'{"id": 1}'
        mac = base64.b64encode(hmac.new(b"shh", body, hashlib.sha256).digest()).decode()
        for number in ("a", "b", "a"):
            headers = {
                "x_shopify_hmac_sha256": mac,
                "x_shopify_topic": "orders/updated",
                "x_shopify_webhook_id": number,
            }
            assert post(platforms, path, body, **headers).status == 200
        assert post(platforms, path, body, x_shopify_hmac_sha256=mac[::-1], x_shopify_webhook_id="c").status == 400
        timers = [item for item in platforms.backend.items("core") if "integration.hook" in str(item)]
        mine = [timer for timer in timers if platforms.admin.client_id in str(timer)]
        assert len(mine) == 1
        firing = {"tenant": platforms.admin.client_id, "kind": "integration.hook", "key": "shopify"}
        more = {"due": "2026-11-30T12:00:00.000Z", "late_seconds": 0, "missed": False, "payload": {}}
        assert platforms.work(json.dumps({**firing, **more})) == []
        platforms.run()
    (newest, _) = platforms.admin.get("/integrations/shopify/syncs").data
    assert (newest["trigger"], newest["status"]) == ("webhook", "succeeded")

    with platforms.serving("meta_ads") as peer:
        platforms.connect(peer)
        path = hook_path(platforms, "meta_ads")
        secret = path.rpartition(".")[2]
        url = f"={path}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
        assert platforms.admin.gateway.get(url + secret).body == b"1158201444"
        assert platforms.admin.gateway.get(url + "guess").status == 400


def test_metas_webhook_is_believed_with_its_signature_alone_and_begins_one_sync_a_minute(platforms: Platforms) -> None:
    """SHA-256 of the body, by the app's secret: https://developers.facebook.com/docs/graph-api/webhooks/getting-started."""
    platforms.backend.configure(META_ADS_CLIENT_ID="app", META_ADS_CLIENT_SECRET="shh")
    with platforms.serving("meta_ads") as peer:
        platforms.connect(peer)
        platforms.run()
        path = hook_path(platforms, "meta_ads")
        change = {"field": "campaigns", "value": {"id": "1"}}
        body, other = (
            json.dumps({"object": "ad_account", "entry": [{"id": "1", "time": at, "changes": [change]}]}).encode()
            for at in (1_796_000_000, 1_796_000_001)
        )

        def sent(body: bytes, secret: str = "shh", of: bytes | None = None) -> Answer:
            mac = hmac.new(secret.encode(), of or body, hashlib.sha256).hexdigest()
            return post(platforms, path, body, x_hub_signature_256=f"sha256={mac}")

        assert [sent(body).data["news"], sent(body).data["news"], sent(other).data["news"]] == [True, False, True]
        for refused in (sent(body, "guess"), sent(other, of=body), post(platforms, path, body)):
            assert (refused.status, refused.code) == (400, "SIGNATURE_INVALID")
        assert len(due_timers(platforms.backend, platforms.admin.client_id, "integration.hook")) == 1


def vouch(platforms: Platforms) -> None:
    platforms.admin.put(f"/clients/{platforms.admin.client_id}", {"allowed_origins": ["https://app.acme.example"]})


def consent(platforms: Platforms, name: str, **more: Any) -> dict[str, list[str]]:
    body = {"return_url": "https://app.acme.example/done?tab=1", **more}
    answer = platforms.admin.post(f"/integrations/{name}/authorize", body)
    assert answer.status == 200, answer.body
    return parse_qs(urlsplit(answer.data["url"]).query)


def test_people_consent_with_state_and_pkce_and_come_back_connected(platforms: Platforms) -> None:
    vouch(platforms)
    platforms.backend.configure(HUBSPOT_CLIENT_ID="app", HUBSPOT_CLIENT_SECRET="shh")
    with platforms.serving("hubspot", token="code") as peer:
        query = consent(platforms, "hubspot")
        assert (query["client_id"], query["response_type"]) == (["app"], ["code"])
        assert query["redirect_uri"][0].endswith("/api/v1/integrations/hubspot/callback")
        state = query["state"][0]
        back = platforms.admin.gateway.get(f"/integrations/hubspot/callback?code=c0de&state={state}")
        assert back.status == 302, back.body
        assert back.headers["location"] == "https://app.acme.example/done?tab=1&platform=hubspot&status=connected"

        (sent,) = [call.form for call in peer.calls if call.path.endswith("/token")]
        assert (sent["grant_type"], sent["code"], sent["client_secret"]) == ("authorization_code", "c0de", "shh")
        assert challenge(sent["code_verifier"]) == query["code_challenge"][0]
        platforms.run()
        assert platforms.status("hubspot")["streams"][0]["rows"] == 5

        again = platforms.admin.gateway.get(f"/integrations/hubspot/callback?code=c0de&state={state}")
        assert (again.status, again.code) == (410, "CONSENT_EXPIRED")


def test_mailchimp_says_after_the_consent_where_the_account_is(platforms: Platforms) -> None:
    vouch(platforms)
    platforms.backend.configure(MAILCHIMP_CLIENT_ID="app", MAILCHIMP_CLIENT_SECRET="shh")
    with platforms.serving("mailchimp", open=True) as peer:
        answers = {"/oauth2/token": (200, {"access_token": "token-1"}), "/oauth2/metadata": (200, {"dc": "us21"})}
        peer.refused.update(answers)
        for centre, status in (("evil.example/", "failed"), ("us21", "connected")):
            peer.refused["/oauth2/metadata"] = (200, {"dc": centre})
            state = consent(platforms, "mailchimp")["state"][0]
            back = platforms.admin.gateway.get(f"/integrations/mailchimp/callback?code=c0de&state={state}")
            assert f"status={status}" in back.headers["location"], back.headers
        authorizations = [call.headers["authorization"] for call in peer.calls if call.path == "/oauth2/metadata"]
        assert authorizations == ["OAuth token-1"] * 2
        platforms.run()
        assert platforms.status("mailchimp")["streams"][0]["rows"] == 5


def test_a_refusal_comes_back_with_its_words_and_a_foreign_state_not_at_all(platforms: Platforms, advance) -> None:
    vouch(platforms)
    platforms.backend.configure(HUBSPOT_CLIENT_ID="app", HUBSPOT_CLIENT_SECRET="shh")
    with platforms.serving("hubspot"):
        state = consent(platforms, "hubspot")["state"][0]
        denied = platforms.admin.gateway.get(f"/integrations/hubspot/callback?error=access_denied&state={state}")
        assert "status=failed&error=access_denied" in denied.headers["location"]
        assert platforms.admin.gateway.get("/integrations/hubspot/callback?code=c&state=made-up").status == 410
        assert (
            platforms.admin.post("/integrations/x_ads/authorize", {"return_url": "https://a.example"}).code
            == "NO_OAUTH"
        )
        late = consent(platforms, "hubspot")["state"][0]
        advance(minutes=16)
        assert platforms.admin.gateway.get(f"/integrations/hubspot/callback?code=c&state={late}").status == 410


def test_nobody_is_sent_on_to_a_place_that_nobody_vouches_for(platforms: Platforms) -> None:
    platforms.backend.configure(HUBSPOT_CLIENT_ID="app", HUBSPOT_CLIENT_SECRET="shh", FRONTEND_ORIGINS="*")
    vouch(platforms)
    for foreign in (
        "https://evil.example/<script>",
        "https://app.acme.example.evil.example/",
        "https://evil.example\\.app.acme.example/",
        "http://app.acme.example/",
    ):
        with platforms.serving("hubspot"):
            state = consent(platforms, "hubspot", return_url=foreign)["state"][0]
            back = platforms.admin.gateway.get(f"/integrations/hubspot/callback?error=access_denied&state={state}")
        assert (back.status, "location" in back.headers) == (200, False), foreign
        page = back.body.decode()
        assert "Go on to" in page
        assert "<script" not in page
        assert state not in page


def test_where_a_connection_leads_is_checked(platforms: Platforms) -> None:
    """Hosts that a customer names are public ones, or the platform's own."""
    key = {"consumer_key": "k", "consumer_secret": "s"}
    for url in (
        "http://127.0.0.1:9",
        "https://169.254.169.254",
        "http://localhost",
        "https://[::1]/",
        "ftp://shop.example",
    ):
        answer = platforms.admin.post("/integrations/woocommerce", {"credentials": {**key, "store_url": url}})
        assert (answer.status, answer.code) == (400, "CREDENTIALS_REJECTED"), url
    for name, credentials in (
        ("salesforce", {"instance_url": "https://evil.example", "access_token": "t"}),
        ("shopify", {"shop": "evil.example/x", "access_token": "t"}),
        ("mailchimp", {"api_key": "k-us1.evil.example"}),
        ("stripe", {"apikey": "t"}),
        ("stripe", {}),
    ):
        answer = platforms.admin.post(f"/integrations/{name}", {"credentials": credentials})
        assert (answer.status, answer.code) == (400, "VALIDATION_ERROR"), answer.body
        assert "credentials" in answer.json["error"]["details"]["errors"][0]["field"]


def test_credentials_that_lack_the_token_are_rejected_and_crash_nothing(platforms: Platforms) -> None:
    with platforms.serving("linkedin_ads"), platforms.serving("x_ads"):
        for name, credentials in (
            ("linkedin_ads", {"client_secret": "s"}),
            ("linkedin_ads", {"refresh_token": "r"}),
            ("x_ads", {"access_token": "t", "access_token_secret": "s"}),
        ):
            answer = platforms.admin.post(f"/integrations/{name}", {"credentials": credentials})
            assert (answer.status, answer.code) == (400, "CREDENTIALS_REJECTED"), answer.body
