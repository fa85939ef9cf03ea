"""Signing in with Microsoft and LinkedIn, each against a provider of its own that none of us wrote."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from groundswell.audit.model import Search
from groundswell.audit.store import DynamoAuditStore
from tests.npm_peers import peer
from tests.people import new_email

APP = "https://app.example/signed-in"


@pytest.fixture(scope="module")
def issuers():
    with peer("openid.mjs") as google, peer("openid.mjs") as microsoft, peer("openid.mjs") as linkedin:
        yield {"google": google, "microsoft": microsoft, "linkedin": linkedin}


@pytest.fixture(autouse=True)
def configured(moto, issuers):
    settings = {"SIGN_IN_REDIRECT_URIS": APP, "PUBLIC_URL": "https://api.example"}
    for name, issuer in issuers.items():
        prefix = name.upper()
        settings |= {f"{prefix}_ISSUER": issuer, f"{prefix}_CLIENT_ID": name, f"{prefix}_CLIENT_SECRET": "hush"}
    moto.configure(**settings)


class Browser:
    def __init__(self, gateway):
        self.gateway = gateway
        self.cookies = {}

    def get(self, path):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.gateway.get(path, headers={"cookie": cookie} if cookie else None)
        if "set-cookie" in answer.headers:
            name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def consent(self, provider, profile, **query):
        """The query with which the provider sends the browser back."""
        url = self.get(f"/auth/{provider}/start?{urlencode(query)}").headers["location"]
        back = httpx.get(url + "&" + urlencode({"profile": json.dumps(profile)}), trust_env=False).headers["location"]
        assert back.startswith(f"https://api.example/api/v1/auth/{provider}/callback?")
        return urlsplit(back).query

    def go(self, provider, profile, **query):
        return self.get(f"/auth/{provider}/callback?{self.consent(provider, profile, **query)}")


@pytest.fixture
def browser(gateway):
    return Browser(gateway)


def employee(**claims):
    email = new_email()
    return {"sub": f"ms-{email}", "tid": "tenant-1", "email": email, "xms_edov": True, "name": "Ada Love"} | claims


def member(**claims):
    email = new_email()
    person = {"sub": f"li-{email}", "email": email, "email_verified": True, "given_name": "Ada", "plain": True}
    return person | claims


@pytest.mark.parametrize(("provider", "somebody"), [("microsoft", employee), ("linkedin", member)])
def test_a_new_person_is_signed_up_and_comes_back_as_the_same(browser, gateway, provider, somebody):
    profile = somebody()
    first = browser.go(provider, profile)
    again = browser.go(provider, profile | {"email": new_email()})

    assert first.status == 200, first.body
    user = first.data["user"]
    assert (user["email"], user["is_verified"], again.data["user"]["id"]) == (profile["email"], True, user["id"])
    assert gateway.get("/users/me", token=first.json["access_token"]).data["id"] == user["id"]
    log = DynamoAuditStore().search(user["org_id"], Search(), 100, None).items
    assert f"{provider}.linked" in {entry.action for entry in log}


def test_one_person_may_come_by_every_provider(browser):
    email = new_email()
    google = {"sub": f"g-{email}", "email": email, "email_verified": True, "given_name": "Ada"}

    ids = {
        browser.go("google", google).data["user"]["id"],
        browser.go("microsoft", employee(email=email)).data["user"]["id"],
        browser.go("linkedin", member(email=email)).data["user"]["id"],
    }
    assert len(ids) == 1


def test_an_address_that_a_tenant_only_claims_opens_nothing(browser, people):
    ada = people.sign_up()

    for claims in ({"xms_edov": None}, {"xms_edov": False}, {"xms_edov": None, "email_verified": True}):
        refused = browser.go("microsoft", employee(email=ada.email, **claims))
        assert (refused.status, refused.code) == (403, "MICROSOFT_EMAIL_NOT_VERIFIED")


REFUSED = [
    ("microsoft", employee, {"nonce": "another"}, 401, "MICROSOFT_REFUSED"),
    ("microsoft", employee, {"aud": "somebody-else"}, 401, "MICROSOFT_REFUSED"),
    ("microsoft", employee, {"iss": "https://evil.example"}, 401, "MICROSOFT_REFUSED"),
    ("microsoft", employee, {"exp": 1}, 401, "MICROSOFT_REFUSED"),
    ("microsoft", employee, {"spoil": "signature"}, 401, "MICROSOFT_REFUSED"),
    ("microsoft", employee, {"deny": True}, 401, "MICROSOFT_REFUSED"),
    ("linkedin", member, {"aud": "somebody-else"}, 401, "LINKEDIN_REFUSED"),
    ("linkedin", member, {"email_verified": False}, 403, "LINKEDIN_EMAIL_NOT_VERIFIED"),
    ("linkedin", member, {"deny": True}, 401, "LINKEDIN_REFUSED"),
]


@pytest.mark.parametrize(("provider", "somebody", "claims", "status", "code"), REFUSED)
def test_what_is_not_right_opens_nothing_at_any_provider(browser, provider, somebody, claims, status, code):
    refused = browser.go(provider, somebody(**claims))

    assert (refused.status, refused.code) == (status, code)


@pytest.mark.parametrize(("provider", "somebody"), [("microsoft", employee), ("linkedin", member)])
def test_an_answer_works_once_and_for_the_browser_that_asked(browser, gateway, provider, somebody):
    query = browser.consent(provider, somebody())
    cookies = dict(browser.cookies)
    assert browser.get(f"/auth/{provider}/callback?{query}").status == 200

    browser.cookies = cookies
    again = browser.get(f"/auth/{provider}/callback?{query}")
    stranger = Browser(gateway).get(f"/auth/{provider}/callback?{browser.consent(provider, somebody())}")
    assert {(answer.status, answer.code) for answer in (again, stranger)} == {(400, f"{provider.upper()}_STATE")}


def test_the_same_subject_at_two_providers_is_two_people(browser):
    google = {"sub": "the-same", "email": new_email(), "email_verified": True, "given_name": "Ada"}

    first = browser.go("google", google).data["user"]["id"]
    assert browser.go("linkedin", member(sub="the-same")).data["user"]["id"] != first


def test_a_code_of_one_provider_is_not_taken_to_another(browser):
    query = browser.consent("microsoft", employee())
    browser.cookies["groundswell_linkedin"] = browser.cookies["groundswell_microsoft"]

    refused = browser.get(f"/auth/linkedin/callback?{query}")

    assert (refused.status, refused.code) == (400, "LINKEDIN_STATE")


def test_a_handover_is_fetched_where_it_was_made(browser, gateway):
    location = browser.go("linkedin", member(), redirect_uri=APP).headers["location"]
    code = {"code": parse_qs(urlsplit(location).query)["code"][0]}

    assert gateway.post("/auth/microsoft/exchange", code).code == "INVALID_EXCHANGE_CODE"


def test_linkedin_is_asked_without_what_it_refuses(browser):
    query = parse_qs(urlsplit(browser.get("/auth/linkedin/start").headers["location"]).query)

    assert "code_challenge" not in query
    assert len(query["state"][0]) == 43


@pytest.mark.parametrize("provider", ["microsoft", "linkedin"])
def test_a_provider_that_is_not_set_up_says_so(browser, moto, provider):
    moto.configure(**{f"{provider.upper()}_CLIENT_SECRET": ""})

    answer = browser.get(f"/auth/{provider}/start")
    assert (answer.status, answer.code) == (409, f"{provider.upper()}_NOT_CONFIGURED")


def test_there_are_no_other_providers(browser):
    assert browser.get("/auth/myspace/start").status == 404
