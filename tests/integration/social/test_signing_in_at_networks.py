"""The way to a network's tokens, at an authorization server that none of us wrote (oauth2-mock-server)."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from groundswell.kernel.clock import rfc3339, utc_now
from tests.backend import Backend
from tests.gateway import Answer
from tests.npm_peers import peer
from tests.people import People, Person

X, LINKEDIN = "/communication/twitter", "/communication/linkedin"


@pytest.fixture(scope="module")
def signing_in() -> Iterator[tuple[str, str]]:
    with peer("networks.mjs") as addresses:
        x, linkedin = addresses.split()
        yield x, linkedin


@pytest.fixture
def ada(moto: Backend, people: People, signing_in: tuple[str, str]) -> Person:
    x, linkedin = signing_in
    ours = {"X_CLIENT_ID": "ours", "LINKEDIN_CLIENT_ID": "ours"}
    moto.configure(X_URL=x, LINKEDIN_URL=linkedin, PUBLIC_URL="https://api.acme.example", **ours)
    return people.sign_up()


def _come_back(ada: Person, authorize_url: str, **spoilt: str) -> Answer:
    """What the network redirects a browser to, `spoilt` on the way."""
    sent = httpx.get(authorize_url)
    assert sent.status_code == 302, sent.text
    back = urlsplit(sent.headers["location"])
    assert back.netloc == "api.acme.example"
    query = {name: values[0] for name, values in parse_qs(back.query).items()} | spoilt
    return ada.gateway.get(f"={back.path}?{httpx.QueryParams(query)}")


@pytest.mark.parametrize(("base", "handle"), [(X, "@acme"), (LINKEDIN, "7")])
def test_somebody_lets_us_in_and_the_account_is_connected_until_its_token_ends(ada, base, handle) -> None:
    begun = ada.post(f"{base}/accounts", {}).data

    [account] = _come_back(ada, begun["authorize_url"]).data

    assert (account["handle"], account["status"]) == (handle, "ok")
    assert account["expires_at"] > rfc3339(utc_now() + timedelta(minutes=55))
    assert [account["id"] for account in ada.get(f"{base}/accounts").data] == [account["id"]]


def test_a_code_without_its_verifier_and_a_state_that_is_made_up_connect_nobody(ada) -> None:
    first, second = (ada.post(f"{X}/accounts", {}).data["authorize_url"] for _ in range(2))
    other = parse_qs(urlsplit(second).query)["state"][0]

    swapped = _come_back(ada, first, state=other)  # the second visit's verifier is not what the first one's code is for
    made_up = _come_back(ada, first, state="A" * 43)

    assert (swapped.status, made_up.status) == (400, 400)
    assert ada.get(f"{X}/accounts").data == []
