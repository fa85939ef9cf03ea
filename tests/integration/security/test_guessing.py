"""Who guesses at an account waits; its owner does not."""

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.tenancy.auth.backoff import FREE_FAILURES
from groundswell.tenancy.auth.totp import STEP_SECONDS
from tests.integration.tenancy.auth.test_two_factor import enable
from tests.outbox import token_to
from tests.people import PASSWORD

WRONG = "wrong password"


@pytest.fixture(autouse=True)
def _time_stands_still(advance):
    pass


class Attacker:
    """Comes from another address each time."""

    def __init__(self, gateway):
        self._gateway = gateway
        self._calls = 0

    def guess(self, email, password=WRONG, **more):
        self._calls += 1
        body = {"email": email, "password": password, **more}
        return self._gateway.post("/auth/login", body, ip=f"203.0.113.{self._calls}")

    def locks(self, email):
        """From now on strangers wait."""
        while self.guess(email).status != 429:
            pass


@pytest.fixture
def attacker(gateway):
    return Attacker(gateway)


def login(gateway, email, password=PASSWORD, cookie=None, **more):
    headers = {"cookie": cookie} if cookie else None
    return gateway.post("/auth/login", {"email": email, "password": password, **more}, headers=headers)


def cookie_of(answer):
    return answer.headers["set-cookie"].partition(";")[0]


def test_strangers_wait_whatever_they_know(people, gateway, attacker):
    person = people.sign_up()

    attacker.locks(person.email)

    assert login(gateway, person.email).status == 429


@pytest.mark.parametrize("by", ["cookie", "token"])
def test_a_device_that_signed_in_before_gets_through(people, gateway, attacker, by):
    person = people.sign_up()
    before = login(gateway, person.email)
    known = {"cookie": cookie_of(before)} if by == "cookie" else {"device_token": before.data["device_token"]}

    attacker.locks(person.email)

    assert login(gateway, person.email, **known).status == 200


def test_so_it_does_by_the_oauth_form(people, gateway, attacker):
    person = people.sign_up()
    token = login(gateway, person.email).data["device_token"]
    attacker.locks(person.email)
    form = f"grant_type=password&username={person.email}&password={PASSWORD.replace(' ', '+')}&device_token={token}"

    answer = gateway.post("/auth/token", form.encode(), headers={"content-type": "application/x-www-form-urlencoded"})

    assert answer.status == 200
    assert cookie_of(answer).startswith("groundswell_device=")


def test_the_cookie_is_for_us_alone(people, gateway, moto):
    person = people.sign_up()
    moto.configure(STAGE="prod")

    cookie = login(gateway, person.email).headers["set-cookie"]

    assert {"HttpOnly", "Secure", "SameSite=lax"} <= set(cookie.split("; "))


def test_guesses_from_a_known_device_wait_too_and_make_nobody_else_wait(people, gateway):
    person = people.sign_up()
    token = login(gateway, person.email).data["device_token"]

    statuses = [login(gateway, person.email, WRONG, device_token=token).status for _ in range(FREE_FAILURES + 1)]

    assert statuses == [401] * FREE_FAILURES + [429]
    assert login(gateway, person.email, device_token=token).status == 429
    assert login(gateway, person.email).status == 200


def test_a_device_of_another_account_is_a_strangers(people, gateway, attacker):
    person, other = people.sign_up(), people.sign_up()
    token = login(gateway, other.email).data["device_token"]

    attacker.locks(person.email)

    assert login(gateway, person.email, device_token=token).status == 429


@pytest.mark.parametrize("forged", ["x", "a.b.c", "access", "refresh"])
def test_what_is_no_device_token_is_a_strangers(people, gateway, attacker, forged):
    person = people.sign_up()
    token = {"access": person.token, "refresh": person.refresh_token}.get(forged, forged)

    attacker.locks(person.email)

    assert login(gateway, person.email, device_token=token).status == 429


def test_a_device_token_opens_nothing(people, gateway):
    person = people.sign_up()
    token = login(gateway, person.email).data["device_token"]

    assert gateway.get("/users/me", token=token).status == 401
    assert gateway.post("/auth/refresh", {"refresh_token": token}).status == 401


def test_a_device_is_known_for_a_quarter(people, gateway, attacker, advance):
    person = people.sign_up()
    token = login(gateway, person.email).data["device_token"]
    advance(days=91)

    attacker.locks(person.email)

    assert login(gateway, person.email, device_token=token).status == 429


def test_a_new_password_makes_strangers_of_all_devices_but_the_one_that_set_it(people, gateway, attacker):
    person = people.sign_up()
    old = login(gateway, person.email).data["device_token"]
    new = "another " + PASSWORD
    changed = person.post("/auth/change-password", {"current_password": PASSWORD, "new_password": new})

    attacker.locks(person.email)

    assert login(gateway, person.email, new, device_token=old).status == 429
    assert login(gateway, person.email, new, device_token=changed.data["device_token"]).status == 200


def test_who_has_reset_the_password_gets_through_however_the_guesses_go_on(people, gateway, attacker, moto):
    person = people.sign_up()
    attacker.locks(person.email)
    gateway.post("/auth/forgot-password", {"email": person.email})
    new = "another " + PASSWORD
    reset = gateway.post("/auth/reset-password", {"token": token_to(moto, person.email), "new_password": new})
    # What strangers had to wait for is forgotten: the owner may be one, who has kept nothing.
    assert login(gateway, person.email, new).status == 200

    attacker.locks(person.email)

    assert login(gateway, person.email, new).status == 429
    assert login(gateway, person.email, new, cookie=cookie_of(reset)).status == 200
    assert login(gateway, person.email, new, device_token=reset.data["device_token"]).status == 200


def test_so_does_who_has_reset_it_on_the_page(people, gateway, attacker, moto):
    person, new = people.sign_up(), "another " + PASSWORD
    gateway.post("/auth/forgot-password", {"email": person.email})
    path = f"=/public/reset-password?token={token_to(moto, person.email)}"
    form = {"content-type": "application/x-www-form-urlencoded"}
    page = gateway.post(path, f"new_password={new.replace(' ', '+')}".encode(), headers=form)
    attacker.locks(person.email)

    assert login(gateway, person.email, new).status == 429
    assert login(gateway, person.email, new, cookie=cookie_of(page)).status == 200


def test_guesses_at_the_code_from_a_known_device_wait(people, gateway):
    person = people.sign_up()
    token = login(gateway, person.email).data["device_token"]
    phone, _ = enable(person)
    wrong = str((int(phone.code()) + 1) % 10**6).zfill(6)

    statuses = [login(gateway, person.email, device_token=token, totp_code=wrong).status for _ in range(6)]

    assert statuses == [401] * FREE_FAILURES + [429]


def test_strangers_failures_do_not_keep_a_known_device_from_its_code(people, gateway, attacker, advance):
    person = people.sign_up()
    phone, _ = enable(person)
    advance(seconds=STEP_SECONDS)
    token = login(gateway, person.email, totp_code=phone.code()).data["device_token"]
    advance(seconds=STEP_SECONDS)
    attacker.locks(person.email)

    assert login(gateway, person.email, totp_code=phone.code(), device_token=token).status == 200
    assert utc_now()
