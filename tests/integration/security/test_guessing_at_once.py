"""A hundred guesses at once are a hundred guesses (emulator: threads, and conditions that hold among them)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from groundswell.tenancy.auth.backoff import FREE_FAILURES
from tests.integration.tenancy.auth.test_two_factor import enable
from tests.people import PASSWORD, People

pytestmark = [pytest.mark.emulator, pytest.mark.usefixtures("advance")]
AT_ONCE = 100
TOLD = {"INVALID_CREDENTIALS", "INVALID_TOTP_CODE", "TOTP_REQUIRED", "signed in"}
"""What tells somebody whether the guess was right."""


@pytest.fixture
def gateway(emulator, new_gateway):
    emulator.configure(RATE_LIMITS="off")
    return new_gateway(emulator)


def at_once(gateway, guesses):
    """What these sign-ins are answered."""

    def guess(body):
        answer = gateway.post("/auth/login", body)
        return "signed in" if answer.status == 200 else answer.code

    with ThreadPoolExecutor(20) as pool:
        return Counter(pool.map(guess, guesses))


def told(answers):
    return sum(count for code, count in answers.items() if code in TOLD)


def test_of_a_hundred_wrong_passwords_five_are_told(gateway):
    person = People(gateway).sign_up()

    answers = at_once(gateway, [{"email": person.email, "password": f"guess {n}"} for n in range(AT_ONCE)])

    assert told(answers) <= FREE_FAILURES
    assert set(answers) <= {"INVALID_CREDENTIALS", "RATE_LIMITED"}


def test_of_a_hundred_codes_five_are_told(gateway):
    person = People(gateway).sign_up()
    phone, _ = enable(person)
    used = int(phone.code())
    login = {"email": person.email, "password": PASSWORD}
    guesses = [login | {"totp_code": str((used + n) % 10**6).zfill(6)} for n in range(AT_ONCE)]

    answers = at_once(gateway, guesses)

    assert told(answers) <= FREE_FAILURES
    assert set(answers) <= {"INVALID_TOTP_CODE", "RATE_LIMITED"}


def test_a_right_password_among_a_hundred_is_told_as_one_of_the_five(gateway):
    """Neither by a session nor by being asked for a code: what comes after the fifth is told to nobody."""
    for second_factor in (False, True):
        person = People(gateway).sign_up()
        if second_factor:
            enable(person)
        wrong = [{"email": person.email, "password": f"guess {n}"} for n in range(AT_ONCE - 1)]
        right = {"email": person.email, "password": PASSWORD}

        answers = at_once(gateway, [*wrong[:60], right, *wrong[60:]])

        assert answers["signed in"] == answers["TOTP_REQUIRED"] == 0
        assert told(answers) <= FREE_FAILURES


def test_its_owner_signs_in_on_two_devices_at_once(gateway):
    person = People(gateway).sign_up()

    assert at_once(gateway, [{"email": person.email, "password": PASSWORD}] * 2) == {"signed in": 2}
