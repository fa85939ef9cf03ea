import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest

from groundswell.access.model import InvalidToken, Role
from groundswell.kernel.signing import SigningKey
from groundswell.tenancy.auth.model import ACCESS_LIFETIME, SESSION_LIFETIME, Session, User
from groundswell.tenancy.auth.tokens import Tokens
from tests.clock import START, Clock
from tests.keys import NEW, OLD, Keys

USER = User("u", "org", "a@b.example", "Ada", "L", Role.MEMBER, True, True, START, START)
SESSION = Session("u", "s", "jti-2", "jti-1", START, START + SESSION_LIFETIME, START, "agent", "192.0.2.1")


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens(Keys(), clock)


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def forged(header: dict[str, Any] | None = None, key: SigningKey = NEW, drop: str = "", **claims: Any) -> str:
    """A genuine access token but for what is said."""
    body = claims_of(Tokens(Keys(), Clock()).pair(USER, SESSION).access_token) | claims
    body.pop(drop, None)
    return jwt.encode(body, key.secret, headers={"kid": key.kid} | (header or {}))


def raw(header: dict[str, Any], body: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(body).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def refused(tokens: Tokens, token: str) -> bool:
    for read in (tokens.read_access, tokens.read_refresh):
        try:
            read(token)
        except InvalidToken:
            continue
        return False
    return True


def test_the_forgeries_differ_from_a_good_token_in_one_thing_only(tokens) -> None:
    assert tokens.read_access(forged()).user_id == "u"


def test_a_pair_says_who_and_for_how_long(tokens, clock) -> None:
    pair = tokens.pair(USER, SESSION)

    assert (pair.token_type, pair.expires_in) == ("Bearer", 900)
    assert tokens.read_access(pair.access_token).session_id == "s"
    assert tokens.read_refresh(pair.refresh_token).token_id == "jti-2"
    claims = claims_of(pair.access_token)
    assert set(claims) == {"exp", "iat", "sub", "org", "role", "jti", "iss", "aud", "type", "sid"}
    assert claims["exp"] - claims["iat"] == ACCESS_LIFETIME.total_seconds()
    assert claims_of(pair.refresh_token)["exp"] == int(SESSION.ends_at.timestamp())


def test_the_same_rotation_gives_the_same_pair(tokens, clock) -> None:
    first = tokens.pair(USER, SESSION)
    clock.advance(seconds=9)

    assert tokens.pair(USER, SESSION) == first


def test_neither_kind_passes_for_the_other(tokens) -> None:
    pair = tokens.pair(USER, SESSION)

    with pytest.raises(InvalidToken):
        tokens.read_access(pair.refresh_token)
    with pytest.raises(InvalidToken):
        tokens.read_refresh(pair.access_token)


def test_expiry_is_read_off_our_own_clock(tokens, clock) -> None:
    token = tokens.pair(USER, SESSION).access_token

    clock.advance(seconds=899)
    tokens.read_access(token)

    clock.advance(seconds=1)
    with pytest.raises(InvalidToken):
        tokens.read_access(token)


def test_an_unsigned_token_is_refused(tokens) -> None:
    body = claims_of(tokens.pair(USER, SESSION).access_token)

    for algorithm in ("none", "None", "NONE", "", "HS256"):
        assert refused(tokens, raw({"alg": algorithm, "typ": "JWT", "kid": "new"}, body))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused_even_with_our_secret(tokens, algorithm) -> None:
    body = claims_of(tokens.pair(USER, SESSION).access_token)
    long = SigningKey("new", b"n" * 64)

    assert refused(
        Tokens(Keys(long), Clock()), jwt.encode(body, long.secret, algorithm=algorithm, headers={"kid": "new"})
    )


def test_an_asymmetric_algorithm_named_in_the_header_changes_nothing(tokens) -> None:
    body = claims_of(tokens.pair(USER, SESSION).access_token)
    signature = forged().rpartition(".")[2]

    assert refused(tokens, raw({"alg": "RS256", "kid": "new"}, body, base64.urlsafe_b64decode(signature + "=")))


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "org", "role", "jti", "iss", "aud", "type", "sid"])
def test_every_claim_is_required(tokens, claim: str) -> None:
    assert refused(tokens, forged(drop=claim))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-api"},
        {"iss": "somebody"},
        {"type": "other"},
        {"type": ["access"]},
        {"exp": 0},
        {"exp": "2099"},
        {"exp": None},
        {"sub": 5},
        {"sid": None},
        {"sid": {"a": 1}},
    ],
)
def test_wrong_claims_are_refused(tokens, claims: dict[str, Any]) -> None:
    assert refused(tokens, forged(**claims))


@pytest.mark.parametrize("kid", ["unknown", "", None, 7, ["new"], {"new": 1}])
def test_an_unknown_key_is_refused(tokens, kid: Any) -> None:
    body = claims_of(tokens.pair(USER, SESSION).access_token)
    genuine = forged().rpartition(".")[2]

    assert refused(tokens, raw({"alg": "HS256", "kid": kid}, body, base64.urlsafe_b64decode(genuine + "=")))
    assert refused(tokens, raw({"alg": "HS256"}, body))


def test_the_previous_key_still_verifies_and_a_retired_one_does_not(clock) -> None:
    signed_before = Tokens(Keys(OLD), clock).pair(USER, SESSION).access_token

    assert Tokens(Keys(NEW, previous=OLD), clock).read_access(signed_before).user_id == "u"
    assert refused(Tokens(Keys(NEW), clock), signed_before)


def test_the_current_key_signs(clock) -> None:
    pair = Tokens(Keys(NEW, previous=OLD), clock).pair(USER, SESSION)

    assert jwt.get_unverified_header(pair.access_token)["kid"] == "new"


def test_no_character_of_a_token_can_be_changed(tokens) -> None:
    token = tokens.pair(USER, SESSION).access_token

    # The last character of each part has spare bits; every other one counts.
    ends = {len(token.split(".")[0]) - 1, len(token.rpartition(".")[0]) - 1, len(token) - 1}
    for place in set(range(len(token))) - ends:
        other = "A" if token[place] != "A" else "B"
        assert refused(tokens, token[:place] + other + token[place + 1 :]), place


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "e30.e30.e30", "ä.ö.ü", "x" * 8000, "=.=.="])
def test_what_is_no_token_is_refused(tokens, token: str) -> None:
    assert refused(tokens, token)


def test_a_deeply_nested_header_is_no_crash(tokens) -> None:
    header = base64.urlsafe_b64encode(b'{"alg":' + b"[" * 6000).decode().rstrip("=")

    assert refused(tokens, f"{header}.e30.e30")


def test_a_session_that_ends_soon_ends_its_refresh_token(clock) -> None:
    soon = replace(SESSION, ends_at=START + timedelta(minutes=1))
    tokens = Tokens(Keys(), clock)
    token = tokens.pair(USER, soon).refresh_token

    clock.advance(minutes=1)

    with pytest.raises(InvalidToken):
        tokens.read_refresh(token)
