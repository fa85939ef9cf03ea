from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.calls import Crash
from tests.outbox import mail_to, token_to
from tests.people import PASSWORD, new_email

ADMIN_ONLY = {
    "is_admin": True,
    "org_id": "other",
    "client_id": "other",
    "id": "mine",
    "created_at": "2020-01-01T00:00:00Z",
}


def form(email: str, **more: object) -> dict[str, object]:
    return {"email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "Lovelace"} | more


def test_somebody_signs_up(gateway, moto) -> None:
    email = new_email()

    answer = gateway.post("/auth/register", form(email, organization_name="Engines"))

    assert answer.status == 201
    user = answer.data
    assert (user["email"], user["name"], user["role"], user["is_verified"]) == (email, "Ada Lovelace", "owner", False)
    assert PASSWORD not in str(moto.items("core"))
    assert "password" not in answer.body.decode()
    assert mail_to(moto, email)["subject"] == "Confirm your e-mail address"


def test_whoever_signs_up_owns_a_client(people) -> None:
    person = people.sign_up()

    clients = person.get("/clients").data

    assert [(client["name"], client["org_id"]) for client in clients] == [("Ada's organization", person.user["org_id"])]
    assert person.get(f"/clients/{clients[0]['id']}/role").data["role"] == "owner"


@pytest.mark.parametrize(
    "spellings",
    [
        ("{}@example.com", "{}@EXAMPLE.com"),
        ("{}@example.com", " {}@Example.Com "),
        ("jürgen{}@example.com", "ju\u0308rgen{}@example.com"),
        ("{}@bücher.example", "{}@xn--bcher-kva.example"),
    ],
    ids=["case", "space", "unicode", "idna"],
)
def test_every_spelling_of_an_address_is_one_account(gateway, spellings) -> None:
    local = new_email().partition("@")[0]
    first, second = (spelling.format(local) for spelling in spellings)

    assert gateway.post("/auth/register", form(first)).status == 201
    again = gateway.post("/auth/register", form(second.replace(local, local.upper())))

    assert (again.status, again.code) == (409, "EMAIL_TAKEN")
    assert gateway.post("/auth/login", {"email": second, "password": PASSWORD}).status == 200


@pytest.mark.parametrize("name", [*ADMIN_ONLY, "is_verified", "version", "password_hash"])
def test_nobody_can_say_more_than_the_form_asks(gateway, name: str) -> None:
    answer = gateway.post("/auth/register", form(new_email(), **{name: ADMIN_ONLY.get(name, "x")}))

    assert (answer.status, answer.json["error"]["field"]) == (400, name)


@pytest.mark.parametrize("role", ["super_admin", "superadmin", "admin"])
def test_a_role_claimed_at_sign_up_is_worth_nothing(gateway, role: str) -> None:
    assert gateway.post("/auth/register", form(new_email(), role=role)).data["role"] == "owner"


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_sign_up_that_dies_leaves_everything_or_nothing(gateway, moto, calls, step: int, after: bool) -> None:
    from functions.auth.schemas import RegisterIn
    from functions.auth.wiring import accounts

    gateway.get("/users/me")  # warms the function up: its environment is this process's from now on
    email = new_email()
    sign_up = RegisterIn(**form(email)).sign_up()
    with calls.crashing(step, after=after) as made, suppress(Crash):
        accounts().register(sign_up, None)

    written = [item for item in moto.items("core") if email in str(item)]
    kinds = {item["kind"]["S"] for item in written}
    assert kinds in (set(), {"user", "credential", "link", "outbox"}), made
    assert gateway.post("/auth/register", form(email)).status == (409 if kinds else 201)


def test_state_and_message_leave_together_or_not_at_all(gateway, moto, calls) -> None:
    email = new_email()
    with calls.failing("TransactWriteItems", "InternalServerError", times=99):
        assert gateway.post("/auth/register", form(email)).status == 503

    assert [item for item in moto.items("core") if email in str(item)] == []


@pytest.mark.emulator
def test_of_twenty_registrations_of_one_address_at_once_one_succeeds(emulator, new_gateway) -> None:
    emulator.configure(RATE_LIMITS="off")
    gateway, email = new_gateway(emulator), new_email()
    gateway.get("/users/me")

    def register(number: int) -> int:
        spelled = email.upper() if number % 2 else email
        return gateway.post("/auth/register", form(spelled)).status

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(register, range(20)))

    assert statuses == [201] + [409] * 19
    written = [item for item in emulator.items("core") if email in str(item)]
    users = [item for item in written if item["kind"]["S"] == "user"]
    assert len(users) == 1
    assert len([item for item in written if item["kind"]["S"] == "outbox"]) == 1
    org_id = users[0]["org_id"]["S"]
    organizations = [item["id"]["S"] for item in emulator.items("core") if item["kind"]["S"] == "organization"]
    assert organizations.count(org_id) == 1


def test_an_admin_adds_a_member_to_the_own_organization(people) -> None:
    owner = people.sign_up()

    member = people.member_of(owner, "editor")

    assert (member.user["org_id"], member.user["role"]) == (owner.user["org_id"], "editor")
    assert member.get("/clients").data == []


@pytest.mark.parametrize(("giver", "given"), [("admin", "owner"), ("admin", "super_admin"), ("owner", "super_admin")])
def test_nobody_gives_a_role_above_the_own_one(people, giver: str, given: str) -> None:
    owner = people.sign_up()
    admin = owner if giver == "owner" else people.member_of(owner, giver)

    assert admin.post("/auth/register", form(new_email(), role=given)).status == 403


@pytest.mark.parametrize("role", ["viewer", "member", "editor"])
def test_who_is_no_admin_adds_nobody(people, role: str) -> None:
    member = people.member_of(people.sign_up(), role)

    assert member.post("/auth/register", form(new_email())).status == 403


def test_a_bad_token_is_no_anonymous_sign_up(gateway) -> None:
    assert gateway.post("/auth/register", form(new_email()), token="garbage").status == 401


def test_an_address_is_verified_with_the_token_that_was_mailed(gateway, moto) -> None:
    email = new_email()
    gateway.post("/auth/register", form(email))
    token = token_to(moto, email)

    first, again = gateway.post("/auth/verify", {"token": token}), gateway.post("/auth/verify", {"token": token})

    assert (first.status, first.data["is_verified"]) == (200, True)
    assert (again.status, again.data) == (200, first.data)
    assert token not in str([item for item in moto.items("core") if item["kind"]["S"] != "outbox"])


def test_a_token_that_was_made_up_is_gone(gateway) -> None:
    assert gateway.post("/auth/verify", {"token": "x" * 43}).code == "LINK_EXPIRED"


def test_where_verification_is_required_nobody_gets_in_without_it(gateway, moto) -> None:
    moto.configure(REQUIRE_VERIFICATION="true")
    email = new_email()
    gateway.post("/auth/register", form(email))
    login = {"email": email, "password": PASSWORD}

    refused = gateway.post("/auth/login", login)
    wrong = gateway.post("/auth/login", login | {"password": "wrong password"})
    gateway.post("/auth/verify/resend", {"email": email})
    gateway.post("/auth/verify", {"token": token_to(moto, email)})

    assert (refused.status, refused.code) == (403, "EMAIL_NOT_VERIFIED")
    assert wrong.status == 401
    assert gateway.post("/auth/login", login).status == 200


def test_where_sign_up_is_closed_nobody_signs_up(gateway, moto) -> None:
    moto.configure(SIGNUP_MODE="closed")

    answer = gateway.post("/auth/register", form(new_email()))

    assert (answer.status, answer.code) == (403, "SIGNUP_CLOSED")
