"""Signing in with Google, against an OpenID provider that none of us wrote."""

import json
from base64 import b32decode
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from groundswell.audit.model import Search
from groundswell.audit.store import DynamoAuditStore
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.auth.totp import STEP_SECONDS, code_at
from tests.npm_peers import peer
from tests.outbox import token_to
from tests.people import PASSWORD, new_email

APP = "https://app.example/signed-in"
JAR = "groundswell_google="


@pytest.fixture(scope="session")
def issuer():
    with peer("openid.mjs") as address:
        yield address


@pytest.fixture(autouse=True)
def configured(moto, issuer):
    moto.configure(
        GOOGLE_ISSUER=issuer,
        GOOGLE_CLIENT_ID="our-client",
        GOOGLE_CLIENT_SECRET="our-secret",
        GOOGLE_REDIRECT_URIS=f"{APP}, https://app.example/other?tab=1",
        PUBLIC_URL="https://api.example",
    )


class Browser:
    def __init__(self, gateway):
        self.gateway = gateway
        self.cookie = ""

    def get(self, path):
        answer = self.gateway.get(path, headers={"cookie": self.cookie} if self.cookie else None)
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer

    def start(self, **query):
        return self.get(f"/auth/google/start?{urlencode(query)}")

    def go(self, profile, **query):
        """Through Google and back. `profile` is who the person says they are there."""
        began = self.start(**query)
        assert began.status == 302, began.body
        return self.get("/auth/google/callback?" + consent(began.headers["location"], profile))


def consent(url, profile):
    """What Google does: the query that it sends the browser back with."""
    back = httpx.get(url + "&" + urlencode({"profile": json.dumps(profile)}), trust_env=False).headers["location"]
    assert back.startswith("https://api.example/api/v1/auth/google/callback?")
    return urlsplit(back).query


@pytest.fixture
def browser(gateway):
    return Browser(gateway)


def somebody(**claims):
    email = new_email()
    return {"sub": f"google-{email}", "email": email, "email_verified": True, "given_name": "Ada"} | claims


def actions(user):
    return [entry.action for entry in DynamoAuditStore().search(user["org_id"], Search(), 100, None).items[::-1]]


def test_a_new_person_is_signed_up_verified_and_signed_in(browser, gateway):
    profile = somebody(family_name="Lovelace")
    answer = browser.go(profile)

    assert answer.status == 200, answer.body
    user = answer.data["user"]
    assert (user["email"], user["name"], user["is_verified"]) == (profile["email"], "Ada Lovelace", True)
    assert gateway.get("/users/me", token=answer.json["access_token"]).data["id"] == user["id"]
    assert gateway.get("/clients", token=answer.json["access_token"]).data
    assert actions(user) == ["user.registered", "google.linked", "user.signed_in"]


def test_who_came_before_is_the_same_user_even_under_a_new_address(browser):
    profile = somebody()
    first = browser.go(profile).data["user"]
    second = browser.go(profile | {"email": new_email()}).data["user"]

    assert second["id"] == first["id"]


def test_an_account_without_a_password_takes_none(browser, gateway):
    email = browser.go(somebody()).data["user"]["email"]

    for password in ("", " ", "anything at all"):
        assert gateway.post("/auth/login", {"email": email, "password": password}).status == 401


def test_a_verified_account_is_linked_and_keeps_its_password(browser, people, gateway, moto):
    ada = people.sign_up()
    verify(moto, ada)

    answer = browser.go(somebody(email=ada.email.upper()))

    assert answer.data["user"]["id"] == ada.id
    assert actions(ada.user)[-2:] == ["google.linked", "user.signed_in"]
    assert people.sign_in(ada.email).id == ada.id


def verify(moto, person):
    """As the mailed link would."""
    table, key = moto.resources.tables["core"], {"pk": {"S": f"USER#{person.id}"}, "sk": {"S": "USER"}}
    moto.aws.dynamodb.update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET is_verified = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )


def test_whoever_signed_up_with_a_strangers_address_loses_it_to_its_owner(browser, people, gateway):
    """Pre-hijacking: the account waits, with the thief's password, for the owner to link it."""
    thief = people.sign_up()

    owner = browser.go(somebody(email=thief.email))

    assert owner.data["user"]["id"] == thief.id
    assert thief.get("/users/me").status == 401
    assert gateway.post("/auth/login", {"email": thief.email, "password": PASSWORD}).status == 401
    assert gateway.post("/auth/refresh", {"refresh_token": thief.refresh_token}).status == 401


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_google_has_not_verified_opens_nothing(browser, people, verified):
    ada = people.sign_up()

    for email in (ada.email, new_email()):
        refused = browser.go(somebody(email=email, email_verified=verified))
        assert (refused.status, refused.code) == (403, "GOOGLE_EMAIL_NOT_VERIFIED")
    assert ada.get("/users/me").status == 200


@pytest.mark.parametrize(("mode", "status"), [("invite", 403), ("closed", 403)])
def test_a_stage_without_sign_up_admits_only_who_has_an_account(browser, people, moto, mode, status):
    ada = people.sign_up()
    moto.configure(SIGNUP_MODE=mode)

    refused = browser.go(somebody())
    assert (refused.status, refused.code) == (status, "SIGNUP_CLOSED")
    assert browser.go(somebody(email=ada.email)).status == 200


def test_the_browser_that_comes_back_must_be_the_one_that_left(gateway, browser):
    began = browser.start()
    query = consent(began.headers["location"], somebody())
    stranger = Browser(gateway)
    stranger.start()

    refused = stranger.get(f"/auth/google/callback?{query}")

    assert (refused.status, refused.code) == (400, "GOOGLE_STATE")
    assert browser.get(f"/auth/google/callback?{query}").status == 400  # a stranger's try ends it


def test_an_answer_from_google_works_once(browser):
    query = consent(browser.start().headers["location"], somebody())
    cookie = browser.cookie
    assert browser.get(f"/auth/google/callback?{query}").status == 200

    browser.cookie = cookie
    assert browser.get(f"/auth/google/callback?{query}").code == "GOOGLE_STATE"


def test_an_attempt_ends_after_ten_minutes(browser, advance):
    query = consent(browser.start().headers["location"], somebody())
    advance(minutes=10)

    assert browser.get(f"/auth/google/callback?{query}").code == "GOOGLE_STATE"


def test_the_cookie_is_for_us_alone(browser):
    cookie = browser.start().headers["set-cookie"].lower()

    assert {"httponly", "path=/", "samesite=lax", "max-age=600"} <= {part.strip() for part in cookie.split(";")}


def test_google_is_asked_with_pkce_state_and_nonce(browser):
    query = parse_qs(urlsplit(browser.start().headers["location"]).query)

    assert query["code_challenge_method"] == ["S256"]
    assert query["scope"] == ["openid email profile"]
    assert all(len(query[name][0]) == 43 for name in ("state", "nonce", "code_challenge"))


@pytest.mark.parametrize("spoil", ["signature", "alg", "missing", "refused"])
def test_a_token_that_is_not_genuine_opens_nothing(browser, spoil):
    refused = browser.go(somebody(spoil=spoil))

    assert (refused.status, refused.code) == (401, "GOOGLE_REFUSED")


@pytest.mark.parametrize(
    "claims", [{"aud": "somebody-else"}, {"iss": "https://evil.example"}, {"nonce": "x"}, {"exp": 1}, {"email": "no"}]
)
def test_a_token_for_somebody_else_opens_nothing(browser, claims):
    assert browser.go(somebody(**claims)).code == "GOOGLE_REFUSED"


def test_a_person_may_say_no(browser):
    assert browser.go({"deny": True}).code == "GOOGLE_REFUSED"


def test_a_provider_that_is_down_is_an_outage_and_not_a_crash(browser, moto):
    down = browser.go(somebody(spoil="down"))
    assert (down.status, down.code, down.headers["retry-after"]) == (503, "SERVICE_UNAVAILABLE", "10")

    moto.configure(GOOGLE_ISSUER="http://127.0.0.1:9")
    assert browser.start().status == 503


def test_a_frontend_gets_a_one_time_code_and_its_own_state_back(browser, gateway):
    profile = somebody()
    answer = browser.go(profile, redirect_uri=APP, state="where I was")

    assert answer.status == 302
    back = urlsplit(answer.headers["location"])
    query = parse_qs(back.query)
    assert (back._replace(query="").geturl(), query["state"]) == (APP, ["where I was"])
    body = {"code": query["code"][0]}
    first, second = (gateway.post("/auth/google/exchange", body) for _ in range(2))
    assert first.data["user"]["email"] == profile["email"]
    assert (second.status, second.code) == (401, "INVALID_EXCHANGE_CODE")


def test_a_frontends_address_keeps_its_query(browser):
    location = browser.go(somebody(), redirect_uri="https://app.example/other?tab=1").headers["location"]

    assert location.startswith("https://app.example/other?tab=1&code=")


def test_the_code_for_the_frontend_expires(browser, gateway, advance):
    location = browser.go(somebody(), redirect_uri=APP).headers["location"]
    advance(minutes=5)

    code = parse_qs(urlsplit(location).query)["code"][0]
    assert gateway.post("/auth/google/exchange", {"code": code}).code == "INVALID_EXCHANGE_CODE"


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example",
        f"{APP}/",
        f"{APP}?x=1",
        f"{APP}@evil.example",
        "javascript:alert(1)",
        "//app.example",
        "",
    ],
)
def test_no_other_address_is_gone_on_to(browser, redirect_uri):
    refused = browser.start(redirect_uri=redirect_uri)

    assert refused.status == 400
    assert refused.json["error"]["field"] == "redirect_uri"


def test_the_second_factor_is_asked_for_here_too(browser, gateway, advance):
    profile = somebody()
    token = browser.go(profile).json["access_token"]
    secret = b32decode(gateway.post("/auth/2fa/setup", token=token).data["secret"])
    step = int(utc_now().timestamp()) // STEP_SECONDS
    assert gateway.post("/auth/2fa/confirm", {"code": code_at(secret, step)}, token=token).status == 200

    challenge = browser.go(profile)

    assert (challenge.status, challenge.code) == (401, "TOTP_REQUIRED")
    body = {"code": challenge.json["error"]["details"]["exchange_code"]}
    assert gateway.post("/auth/google/exchange", body).code == "TOTP_REQUIRED"
    assert gateway.post("/auth/google/exchange", body | {"totp_code": "000000"}).code == "INVALID_TOTP_CODE"
    admitted = gateway.post("/auth/google/exchange", body | {"totp_code": code_at(secret, step + 1)})
    assert admitted.status == 200, admitted.body
    assert gateway.post("/auth/google/exchange", body).code == "INVALID_EXCHANGE_CODE"


def test_strangers_failures_do_not_keep_out_whom_google_identified(browser, people, gateway):
    person = people.sign_up()
    profile = somebody(email=person.email)
    assert browser.go(profile).status == 200
    login = {"email": person.email, "password": "wrong password"}
    statuses = [gateway.post("/auth/login", login, ip=f"203.0.113.{n}").status for n in range(8)]
    assert statuses[-1] == 429

    answer = browser.go(profile)

    assert answer.status == 200
    known = login | {"password": PASSWORD, "device_token": answer.data["device_token"]}
    assert gateway.post("/auth/login", {**known, "password": "wrong password"}).status == 401


def test_guesses_at_the_code_wait_after_google_too(browser, gateway):
    profile = somebody()
    token = browser.go(profile).json["access_token"]
    secret = b32decode(gateway.post("/auth/2fa/setup", token=token).data["secret"])
    step = int(utc_now().timestamp()) // STEP_SECONDS
    gateway.post("/auth/2fa/confirm", {"code": code_at(secret, step)}, token=token)
    body = {"code": browser.go(profile).json["error"]["details"]["exchange_code"], "totp_code": "000000"}

    codes = [gateway.post("/auth/google/exchange", body).code for _ in range(6)]

    assert codes == ["INVALID_TOTP_CODE"] * 5 + ["RATE_LIMITED"]


def test_a_disabled_account_stays_out(browser, moto):
    profile = somebody()
    user = browser.go(profile).data["user"]
    moto.aws.dynamodb.update_item(
        TableName=moto.resources.tables["core"],
        Key={"pk": {"S": f"USER#{user['id']}"}, "sk": {"S": "USER"}},
        UpdateExpression="SET is_active = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )

    assert browser.go(profile).code == "GOOGLE_REFUSED"


def test_who_signed_up_anew_after_being_disabled_comes_in_as_who_they_are_now(browser, gateway, moto):
    profile = somebody()
    user = browser.go(profile).data["user"]
    moto.aws.dynamodb.update_item(
        TableName=moto.resources.tables["core"],
        Key={"pk": {"S": f"USER#{user['id']}"}, "sk": {"S": "USER"}},
        UpdateExpression="SET is_active = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )
    anew = gateway.post("/auth/register", {"email": user["email"], "password": PASSWORD, "name": "Ada"})
    assert anew.status == 201, anew.body
    assert gateway.post("/auth/verify", {"token": token_to(moto, user["email"])}).status == 200

    assert [browser.go(profile).data["user"]["id"] for _ in range(2)] == [anew.data["id"]] * 2


@pytest.mark.parametrize("missing", ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"])
def test_without_a_configuration_it_says_so(browser, gateway, moto, missing):
    moto.configure(**{missing: ""})

    answers = [
        browser.start(),
        browser.get("/auth/google/callback?state=x&code=y"),
        gateway.post("/auth/google/exchange", {"code": "x"}),
    ]
    assert [(answer.status, answer.code) for answer in answers] == [(409, "GOOGLE_NOT_CONFIGURED")] * 3


def test_the_client_secret_may_be_kept_in_secrets_manager(browser, moto):
    moto.configure(GOOGLE_CLIENT_SECRET="")
    name = moto.resources.secrets["google"]
    before = moto.aws.secrets.get_secret_value(SecretId=name)["SecretString"]
    moto.aws.secrets.put_secret_value(SecretId=name, SecretString='{"client_secret": "from the manager"}')
    try:
        assert browser.go(somebody()).status == 200
    finally:
        moto.aws.secrets.put_secret_value(SecretId=name, SecretString=before)
