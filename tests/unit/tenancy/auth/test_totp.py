"""Codes of authenticator apps, against the vectors of RFC 4226 appendix D and RFC 6238 appendix B."""

from base64 import b32decode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from groundswell.tenancy.auth.totp import STEP_SECONDS, code_at, matching_step, otpauth_uri, spell_secret

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STEP = int(NOW.timestamp()) // STEP_SECONDS

HOTP = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
# The last six of the eight digits that RFC 6238 lists, for SHA-1.
TOTP = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


@pytest.mark.parametrize(("counter", "code"), list(enumerate(HOTP)))
def test_counters_make_the_codes_of_rfc_4226(counter, code):
    assert code_at(SECRET, counter) == code


@pytest.mark.parametrize(("second", "code"), list(TOTP.items()))
def test_times_make_the_codes_of_rfc_6238(second, code):
    assert code_at(SECRET, second // STEP_SECONDS) == code


@pytest.mark.parametrize(("drift", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(drift, accepted):
    step = matching_step(SECRET, code_at(SECRET, STEP + drift), NOW, after=0)

    assert step == (STEP + drift if accepted else None)


def test_no_step_is_accepted_twice_nor_any_before_it():
    assert matching_step(SECRET, code_at(SECRET, STEP), NOW, after=STEP) is None
    assert matching_step(SECRET, code_at(SECRET, STEP - 1), NOW, after=STEP) is None
    assert matching_step(SECRET, code_at(SECRET, STEP + 1), NOW, after=STEP) == STEP + 1


def test_the_secret_survives_its_spelling():
    for size in (10, 20):
        spelled = spell_secret(SECRET[:size])
        assert b32decode(spelled + "=" * (-len(spelled) % 8)) == SECRET[:size]


def test_the_uri_says_what_an_app_must_know():
    uri = urlsplit(otpauth_uri(SECRET, "ada+1@example.com"))

    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Groundswell%3Aada%2B1%40example.com")
    assert parse_qs(uri.query) == {
        "secret": [spell_secret(SECRET)],
        "issuer": ["Groundswell"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }


def test_a_code_is_good_from_its_first_second_to_its_last():
    first = datetime.fromtimestamp(STEP * STEP_SECONDS, UTC)
    code = code_at(SECRET, STEP)

    for moment in (first, first + timedelta(seconds=STEP_SECONDS - 1)):
        assert matching_step(SECRET, code, moment, after=0) == STEP
