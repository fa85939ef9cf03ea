"""Reading id_tokens, against signatures that another implementation made."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from groundswell.tenancy.auth.openid.idtoken import Expected, IdTokenRefused, UnknownKey, read_id_token
from groundswell.tenancy.auth.openid.providers import LINKEDIN, MICROSOFT
from groundswell.tenancy.auth.openid.rsa import is_genuine

NOW = 1_800_000_000
EXPECTED = Expected(lambda claims: "https://issuer.example", "our-client", "the-nonce", NOW)
CLAIMS = {
    "iss": "https://issuer.example",
    "aud": "our-client",
    "nonce": "the-nonce",
    "sub": "1234",
    "iat": NOW - 5,
    "exp": NOW + 3600,
}


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(65537, 2048)


def b64(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


def key_set(key, kid="one"):
    public = key.public_key().public_numbers()
    return {"keys": [{"kty": "RSA", "kid": kid, "use": "sig", "n": number(public.n), "e": number(public.e)}]}


def sign(key, claims, algorithm="RS256", digest=None, **header):
    head = b64(json.dumps({"alg": algorithm, "kid": "one"} | header).encode())
    body = b64(json.dumps(claims).encode())
    signature = key.sign(f"{head}.{body}".encode(), padding.PKCS1v15(), digest or SHA256())
    return f"{head}.{body}.{b64(signature)}"


def test_a_genuine_token_is_read(key):
    assert read_id_token(sign(key, CLAIMS), key_set(key), EXPECTED) == CLAIMS


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://other.example"},
        {"aud": "another-client"},
        {"aud": ["our-client", "another-client"]},
        {"aud": ["our-client", "another-client"], "azp": "another-client"},
        {"aud": [], "azp": "our-client"},
        {"azp": "another-client"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": NOW - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": NOW + 61},
        {"iat": None},
        {"sub": ""},
        {"sub": None},
        {"sub": "x" * 256},
    ],
)
def test_one_wrong_claim_is_enough(key, change):
    with pytest.raises(IdTokenRefused):
        read_id_token(sign(key, CLAIMS | change), key_set(key), EXPECTED)


@pytest.mark.parametrize("change", [{"aud": ["our-client", "x"], "azp": "our-client"}, {"exp": NOW - 59}])
def test_what_the_standard_allows_passes(key, change):
    assert read_id_token(sign(key, CLAIMS | change), key_set(key), EXPECTED)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", "", None])
def test_the_header_does_not_choose_the_algorithm(key, algorithm):
    with pytest.raises(IdTokenRefused):
        read_id_token(sign(key, CLAIMS, algorithm=algorithm), key_set(key), EXPECTED)


def test_another_key_of_the_same_name_is_refused(key):
    other = rsa.generate_private_key(65537, 2048)

    with pytest.raises(IdTokenRefused):
        read_id_token(sign(other, CLAIMS), key_set(key), EXPECTED)


def test_an_unknown_key_is_told_apart(key):
    with pytest.raises(UnknownKey):
        read_id_token(sign(key, CLAIMS, kid="two"), key_set(key), EXPECTED)


def test_another_digest_is_refused(key):
    with pytest.raises(IdTokenRefused):
        read_id_token(sign(key, CLAIMS, digest=SHA1()), key_set(key), EXPECTED)


def test_every_changed_part_is_refused(key):
    token = sign(key, CLAIMS)
    for at in range(0, len(token), 7):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(IdTokenRefused):
            read_id_token(changed, key_set(key), EXPECTED)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "....", "e30.e30.", "W10.e30.AAAA", "\u20ac.\u20ac.\u20ac"])
def test_what_is_no_token_is_refused(key, token):
    with pytest.raises(IdTokenRefused):
        read_id_token(token, key_set(key), EXPECTED)


def test_small_keys_and_forged_numbers_prove_nothing(key):
    small = rsa.generate_private_key(65537, 1024)
    numbers = key.public_key().public_numbers()
    signature = key.sign(b"signed", padding.PKCS1v15(), SHA256())

    assert is_genuine(b"signed", signature, numbers.n, numbers.e)
    assert not is_genuine(b"signed", signature, numbers.n, 1)
    assert not is_genuine(b"signed", b"\0" + signature, numbers.n, numbers.e)
    too_big = (int.from_bytes(signature) + numbers.n).to_bytes(257)[-256:]
    assert not is_genuine(b"signed", too_big, numbers.n, numbers.e)
    tiny = small.public_key().public_numbers()
    assert not is_genuine(b"signed", small.sign(b"signed", padding.PKCS1v15(), SHA256()), tiny.n, tiny.e)


def in_tenant(template):
    return replace(EXPECTED, issuer=partial(MICROSOFT.issuer_of, template))


def test_a_microsoft_token_is_of_the_tenant_that_it_names(key):
    common = in_tenant("https://login.example/{tenantid}/v2.0")
    claims = CLAIMS | {"iss": "https://login.example/one/v2.0", "tid": "one"}

    assert read_id_token(sign(key, claims), key_set(key), common)["tid"] == "one"
    for wrong in ({"tid": "two"}, {"tid": None}):
        with pytest.raises(IdTokenRefused):
            read_id_token(sign(key, claims | wrong), key_set(key), common)
    with pytest.raises(IdTokenRefused):
        read_id_token(sign(key, claims), key_set(key), in_tenant("https://login.example/two/v2.0"))


@pytest.mark.parametrize(("claim", "verified"), [(True, True), ("1", True), (1, True), (False, False), (None, False)])
def test_microsofts_word_for_a_verified_address_is_xms_edov(claim, verified):
    assert MICROSOFT.is_verified({"email_verified": True, "xms_edov": claim}) is verified


def test_a_subject_of_one_tenant_is_nobody_in_another():
    assert MICROSOFT.subject_of({"sub": "s", "tid": "one"}) != MICROSOFT.subject_of({"sub": "s", "tid": "two"})


def test_where_a_provider_gives_no_nonce_none_is_asked_for(key):
    claims = {name: value for name, value in CLAIMS.items() if name != "nonce"}

    assert LINKEDIN.has_nonce is False
    assert read_id_token(sign(key, claims), key_set(key), replace(EXPECTED, nonce=None))["sub"] == "1234"
    with pytest.raises(IdTokenRefused):
        read_id_token(sign(key, claims), key_set(key), EXPECTED)
