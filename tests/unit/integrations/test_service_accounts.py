"""Google's service accounts, beside what others make of the same key."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from groundswell.integrations.addressing import Places
from groundswell.integrations.catalogue import platform
from groundswell.integrations.catalogue.service_account import assertion, key_of
from groundswell.integrations.connecting import wanted
from groundswell.integrations.oauth import is_due, renewal_call
from groundswell.kernel.errors import Invalid

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
AUDIENCE = "https://oauth2.googleapis.com/token"


@pytest.fixture(scope="module")
def secret() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def key_file(secret: rsa.RSAPrivateKey) -> str:
    pem = secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    account = {"type": "service_account", "client_email": "bot@acme.iam.example", "private_key": pem}
    return json.dumps({**account, "private_key_id": "k1", "token_uri": "https://evil.example"}, indent=2)


def test_an_assertion_is_signed_as_others_sign_and_says_who_asks_for_what(secret, key_file) -> None:
    token = assertion(key_of(key_file), SCOPE, AUDIENCE)

    claims = jwt.decode(token, secret.public_key(), ["RS256"], audience=AUDIENCE)
    assert (claims["iss"], claims["scope"], claims["exp"] - claims["iat"]) == ("bot@acme.iam.example", SCOPE, 3600)
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": "k1"}


def test_ga4_turns_it_into_a_token_at_googles_own_address_whatever_the_file_says(key_file) -> None:
    ga4 = platform("ga4")
    credentials = wanted(ga4, {"service_account": key_file, "property_id": "7"}, (), whole=True).credentials

    assert is_due(ga4, credentials, datetime(2026, 11, 1, tzinfo=UTC))
    called = renewal_call(ga4, credentials, Places())
    assert called is not None
    url, call = called
    assert url == AUDIENCE
    sent = parse_qs(urlencode(call.form or {}))
    assert sent["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    assert sent["assertion"][0].count(".") == 2
    assert len(json.dumps(credentials)) < 3000


@pytest.mark.parametrize("text", ["{", "[]", '{"client_email": "a", "private_key": "x"}', "secret"])
def test_what_is_no_key_file_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        wanted(platform("ga4"), {"service_account": text, "property_id": "7"}, (), whole=True)
    assert refused.value.problems[0].field == "credentials.service_account"
