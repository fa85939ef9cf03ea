"""The second factor over HTTP, in the tables, and under concurrency."""

from base64 import b32decode
from concurrent.futures import ThreadPoolExecutor

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.tenancy.auth.totp import STEP_SECONDS, code_at
from tests.people import PASSWORD, People

pytestmark = pytest.mark.usefixtures("advance")  # time stands still: no code gets old between two calls


class Phone:
    """An authenticator app that was shown the secret."""

    def __init__(self, secret):
        self.secret = b32decode(secret)

    def code(self, drift=0):
        return code_at(self.secret, int(utc_now().timestamp()) // STEP_SECONDS + drift)


def enable(person):
    """Returns the phone and the recovery codes. The code of this very moment is used up."""
    phone = Phone(person.post("/auth/2fa/setup").data["secret"])
    answer = person.post("/auth/2fa/confirm", {"code": phone.code()})
    assert answer.status == 200, answer.body
    return phone, answer.data["recovery_codes"]


def login(gateway, person, **codes):
    return gateway.post("/auth/login", {"email": person.email, "password": PASSWORD, **codes})


def test_from_setting_up_to_removing(people, gateway):
    ada = people.sign_up()
    phone, _ = enable(ada)

    challenge = login(gateway, ada)
    assert (challenge.status, challenge.code) == (401, "TOTP_REQUIRED")
    assert login(gateway, ada, totp_code=phone.code(1)).status == 200
    again = login(gateway, ada, totp_code=phone.code(1))
    assert (again.status, again.code) == (401, "INVALID_TOTP_CODE")

    assert ada.delete("/auth/2fa", body={"password": PASSWORD, "code": phone.code()}).status == 400  # used up


def test_removing_with_a_recovery_code(people, gateway):
    ada = people.sign_up()
    _, recovery = enable(ada)

    assert ada.delete("/auth/2fa", body={"password": PASSWORD, "code": recovery[0]}).status == 200
    assert login(gateway, ada).status == 200


def test_a_recovery_code_signs_in_once(people, gateway):
    ada = people.sign_up()
    _, recovery = enable(ada)

    assert [login(gateway, ada, recovery_code=recovery[0]).status for _ in range(2)] == [200, 401]


def test_the_oauth_form_takes_the_code_too(people, gateway):
    ada = people.sign_up()
    phone, _ = enable(ada)
    form = f"grant_type=password&username={ada.email}&password={PASSWORD.replace(' ', '+')}"
    headers = {"content-type": "application/x-www-form-urlencoded"}

    challenge = gateway.post("/auth/token", form.encode(), headers=headers)
    accepted = gateway.post("/auth/token", f"{form}&totp_code={phone.code(1)}".encode(), headers=headers)

    assert (challenge.status, challenge.json["error"]) == (400, "invalid_grant")
    assert accepted.status == 200


def test_neither_secret_nor_recovery_codes_can_be_read_from_the_table(people, gateway):
    ada = people.sign_up()
    setup = ada.post("/auth/2fa/setup").data
    phone = Phone(setup["secret"])
    recovery = ada.post("/auth/2fa/confirm", {"code": phone.code()}).data["recovery_codes"]

    row = repr(gateway.backend.item("core", f"EMAIL#{ada.email}", "TOTP"))
    assert setup["secret"] not in row
    assert repr(phone.secret) not in row
    assert not any(code.replace("-", "") in row.replace("-", "") for code in recovery)


def test_a_sealed_secret_copied_to_another_account_opens_nothing(people, gateway):
    ada, eve = people.sign_up(), people.sign_up()
    enable(ada)
    phone, _ = enable(eve)
    hers = gateway.backend.item("core", f"EMAIL#{eve.email}", "TOTP")
    row = gateway.backend.item("core", f"EMAIL#{ada.email}", "TOTP") | {"sealed_secret": hers["sealed_secret"]}
    gateway.backend.aws.dynamodb.put_item(TableName=gateway.backend.resources.tables["core"], Item=row)

    assert login(gateway, ada, totp_code=phone.code(1)).status == 500


def test_resetting_the_password_leaves_the_second_factor_on(people, gateway):
    ada = people.sign_up()
    phone, _ = enable(ada)
    ada.post("/auth/change-password", {"current_password": PASSWORD, "new_password": "another horse staple"})

    body = {"email": ada.email, "password": "another horse staple"}
    assert gateway.post("/auth/login", body).code == "TOTP_REQUIRED"
    assert gateway.post("/auth/login", body | {"totp_code": phone.code(1)}).status == 200


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "", None])
def test_what_is_no_code_is_bad_input(people, gateway, code):
    ada = people.sign_up()
    ada.post("/auth/2fa/setup")

    assert ada.post("/auth/2fa/confirm", {"code": code}).status == 400
    if code is not None:
        assert login(gateway, ada, totp_code=code).status == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/auth/2fa/setup", None),
        ("POST", "/auth/2fa/confirm", {"code": "123456"}),
        ("DELETE", "/auth/2fa", {"password": PASSWORD, "code": "123456"}),
    ],
)
def test_it_is_only_for_who_is_signed_in(gateway, method, path, body):
    assert gateway.call(method, path, body).status == 401


def test_states_that_do_not_fit_are_conflicts(people):
    ada = people.sign_up()

    assert ada.post("/auth/2fa/confirm", {"code": "123456"}).code == "TOTP_NOT_SET_UP"
    assert ada.delete("/auth/2fa", body={"password": PASSWORD, "code": "123456"}).code == "TOTP_NOT_SET_UP"
    enable(ada)
    assert ada.post("/auth/2fa/setup").code == "TOTP_ENABLED"


def test_of_twenty_sign_ins_with_one_code_at_once_one_succeeds(emulator, new_gateway):
    gateway = new_gateway(emulator)
    ada = People(gateway).sign_up()
    phone, _ = enable(ada)
    body = {"email": ada.email, "password": PASSWORD, "totp_code": phone.code(1)}

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda n: gateway.post("/auth/login", body, ip=f"thread-{n}"), range(20)))

    statuses = [answer.status for answer in answers]
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 401, 429, 503}
