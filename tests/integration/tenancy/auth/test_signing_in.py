"""Sign-in and S2: refresh rotation, reuse, the ends of a session."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.outbox import token_to
from tests.people import PASSWORD, People, new_email


def refresh(gateway, token: str):
    return gateway.post("/auth/refresh", {"refresh_token": token})


def test_tokens_stand_at_the_top_and_in_data(people, gateway) -> None:
    person = people.sign_up()

    answer = gateway.post("/auth/login", {"email": person.email, "password": PASSWORD})

    body = answer.json
    for where in (body, body["data"]):
        assert (where["token_type"], where["expires_in"]) == ("Bearer", 900)
        assert where["access_token"]
        assert where["refresh_token"]
    assert body["data"]["user"]["id"] == person.id
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("kind", ["form", "json", "email instead of username"])
def test_the_token_endpoint_speaks_oauth(people, gateway, kind: str) -> None:
    person = people.sign_up()
    form = f"grant_type=password&username={person.email}&password={PASSWORD.replace(' ', '+')}".encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    bodies = {
        "form": (form, headers),
        "json": ({"username": person.email, "password": PASSWORD}, {}),
        "email instead of username": ({"email": person.email, "password": PASSWORD}, {}),
    }
    body, sent = bodies[kind]

    answer = gateway.post("/auth/token", body, headers=sent)

    assert answer.status == 200
    assert set(answer.json) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"grant_type=password&username=nobody@example.com&password=wrong", "invalid_grant"),
        (b"grant_type=client_credentials&username=a@b.example&password=x", "unsupported_grant_type"),
        (b"username=nobody", "invalid_request"),
        (b"", "invalid_request"),
        (b"\xff\xfe", "invalid_request"),
        (b"&".join([b"a=1"] * 50), "invalid_request"),
    ],
)
def test_its_refusals_speak_oauth_too(gateway, body: bytes, error: str) -> None:
    answer = gateway.post("/auth/token", body, headers={"content-type": "application/x-www-form-urlencoded"})

    assert (answer.status, answer.json["error"]) == (400, error)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_form_larger_than_any_is_not_read(gateway, kind: str) -> None:
    answer = gateway.post("/auth/token", b"username=" + b"%" * 65_536, headers={"content-type": kind})

    assert (answer.status, answer.json["error"]) == (413, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [b"[" * 20_000, b"[]", b"nonsense", b'{"username": 5, "password": {}}', b'{"username": "\\ud800@b.example"}'],
)
def test_json_that_is_no_request_is_an_oauth_refusal(gateway, body: bytes) -> None:
    answer = gateway.post("/auth/token", body, headers={"content-type": "application/json"})

    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_all_sign_ins_share_one_budget_an_address(gateway) -> None:
    body = {"email": "nobody@example.com", "username": "nobody@example.com", "password": "wrong password"}
    statuses = []
    for number in range(21):
        names = ("email", "password") if number % 2 else ("username", "password")
        path = "/auth/login" if number % 2 else "/auth/token"
        email = {"email": new_email(), "username": new_email()}
        statuses.append(gateway.post(path, {name: (body | email)[name] for name in names}).status)

    assert statuses[:20] == [400, 401] * 10
    assert statuses[20] == 429


def test_known_and_unknown_addresses_are_told_apart_by_nothing(people, gateway, calls) -> None:
    person = people.sign_up()
    answers, made = [], []

    for email in (person.email, new_email(), person.email, new_email()):
        with calls.counted() as counted:
            answers.append(gateway.post("/auth/login", {"email": email, "password": "wrong password"}))
        made.append(counted)

    assert {answer.status for answer in answers} == {401}
    assert len({answer.body.replace(answer.json["error"]["requestId"].encode(), b"") for answer in answers}) == 1
    # Whoever asks first opens the window of the address, whoever asked.
    assert made[1] == made[2] == made[3]


@pytest.mark.parametrize("path", ["/auth/forgot-password", "/auth/reset-password", "/auth/verify/resend"])
def test_asking_for_a_mail_tells_nobody_whether_there_is_an_account(people, gateway, calls, path: str) -> None:
    person = people.sign_up()
    gateway.post(path, {"email": new_email()})  # whoever asks first opens the window of the caller's address
    answers, made = [], []

    for email in (person.email, new_email()):
        with calls.counted() as counted:
            answers.append(gateway.post(path, {"email": email}))
        made.append(counted)

    assert [answer.status for answer in answers] == [202, 202]
    assert answers[0].body == answers[1].body
    assert made[0] == made[1]


def test_one_password_is_checked_for_known_and_unknown_alike(people, gateway, monkeypatch) -> None:
    from groundswell.tenancy.auth.passwords import Passwords

    checked, matches = [], Passwords.matches
    monkeypatch.setattr(Passwords, "matches", lambda self, *a: checked.append(a) or matches(self, *a))
    person = people.sign_up()
    checked.clear()

    gateway.post("/auth/login", {"email": person.email, "password": "wrong password"})
    gateway.post("/auth/login", {"email": new_email(), "password": "wrong password"})

    assert len(checked) == 2


def test_guesses_at_one_account_from_everywhere_slow_down(people, gateway) -> None:
    person = people.sign_up()
    login = {"email": person.email, "password": "wrong password"}
    statuses = [gateway.post("/auth/login", login, ip=f"203.0.113.{number}").status for number in range(25)]

    assert statuses[:5] == [401] * 5
    assert 429 in statuses
    right = gateway.post("/auth/login", login | {"password": PASSWORD}, ip="192.0.2.9")
    assert right.status in (200, 429)


def test_a_sign_in_costs_four_calls(people, gateway, calls) -> None:
    person = people.sign_up()
    login = {"email": person.email, "password": PASSWORD}
    gateway.post("/auth/login", login)

    with calls.counted() as made:
        assert gateway.post("/auth/login", login).status == 200

    assert len(made) <= 4, made


def test_within_the_cache_a_warm_request_costs_no_call_for_who_is_calling(people, moto, calls) -> None:
    moto.configure(PRINCIPAL_CACHE_SECONDS="60")
    person = people.sign_up()
    path = f"/clients/{person.client_id}/role"
    person.get(path)

    with calls.counted() as made:
        assert person.get(path).data["role"] == "owner"

    assert made == []


def test_within_the_cache_a_revocation_is_felt_after_a_minute(people, moto, advance) -> None:
    moto.configure(PRINCIPAL_CACHE_SECONDS="60")
    person = people.sign_up()
    assert person.get("/users/me").status == 200
    person.post("/auth/logout")

    advance(seconds=61)

    assert person.get("/users/me").status == 401


def test_a_refresh_rotates(people, gateway) -> None:
    person = people.sign_up()

    answer = refresh(gateway, person.refresh_token)

    assert answer.status == 200
    assert answer.json["refresh_token"] != person.refresh_token
    assert gateway.get("/users/me", token=answer.json["access_token"]).data["id"] == person.id


def test_within_ten_seconds_the_predecessor_gets_the_same_pair(people, gateway, advance) -> None:
    person = people.sign_up()
    first = refresh(gateway, person.refresh_token).json
    advance(seconds=8)

    again = refresh(gateway, person.refresh_token).json

    assert (again["access_token"], again["refresh_token"]) == (first["access_token"], first["refresh_token"])


def test_reuse_later_ends_the_whole_family(people, gateway, advance) -> None:
    person = people.sign_up()
    successor = refresh(gateway, person.refresh_token).json
    advance(seconds=12)

    answers = [refresh(gateway, token) for token in (person.refresh_token, successor["refresh_token"])]

    assert [(answer.status, answer.code) for answer in answers] == [(401, "INVALID_REFRESH_TOKEN")] * 2
    assert gateway.get("/users/me", token=successor["access_token"]).status == 401


def test_access_ends_after_a_quarter_of_an_hour_and_the_session_after_a_week(people, gateway, advance) -> None:
    person = people.sign_up()
    token = person.refresh_token
    advance(minutes=15)
    assert person.get("/users/me").status == 401
    for _ in range(6):
        advance(days=1)
        token = refresh(gateway, token).json["refresh_token"]

    advance(days=1)

    assert refresh(gateway, token).status == 401


def test_logging_out_ends_this_session_at_once_and_no_other(people, gateway) -> None:
    here = people.sign_up()
    there = people.sign_in(here.email)

    assert here.post("/auth/logout").data == {"ended": 1}

    assert here.get("/users/me").status == 401
    assert refresh(gateway, here.refresh_token).status == 401
    assert there.get("/users/me").status == 200


def test_logging_out_everywhere_ends_every_session(people, gateway) -> None:
    sessions = [people.sign_up()]
    sessions += [people.sign_in(sessions[0].email) for _ in range(2)]

    assert sessions[0].post("/auth/logout?all=true").data == {"ended": 3}

    assert {session.get("/users/me").status for session in sessions} == {401}
    assert {refresh(gateway, session.refresh_token).status for session in sessions} == {401}


def test_a_password_reset_ends_every_session_and_its_link_works_once(people, gateway, moto) -> None:
    sessions = [people.sign_up()]
    email = sessions[0].email
    sessions.append(people.sign_in(email))
    gateway.post("/auth/forgot-password", {"email": email})
    body = {"token": token_to(moto, email), "new_password": "another horse battery"}

    assert gateway.post("/auth/reset-password", body).status == 200

    assert {session.get("/users/me").status for session in sessions} == {401}
    assert {refresh(gateway, session.refresh_token).status for session in sessions} == {401}
    assert gateway.post("/auth/reset-password", body).code == "LINK_EXPIRED"
    assert gateway.post("/auth/login", {"email": email, "password": PASSWORD}).status == 401
    people.sign_in(email, "another horse battery")


def test_a_reset_ends_more_sessions_than_a_transaction_holds(people, gateway, moto) -> None:
    person = people.sign_up()
    session = next(item for item in moto.items("ephemeral") if item["pk"]["S"] == f"USER#{person.id}")
    for number in range(130):
        copy = session | {"sk": {"S": f"SESSION#copy{number}"}}
        moto.aws.dynamodb.put_item(TableName=moto.resources.tables["ephemeral"], Item=copy)
    gateway.post("/auth/forgot-password", {"email": person.email})

    body = {"token": token_to(moto, person.email), "new_password": "another horse battery"}
    assert gateway.post("/auth/reset-password", body).status == 200

    assert [item for item in moto.items("ephemeral") if item["pk"]["S"] == f"USER#{person.id}"] == []


def test_a_disabled_user_is_out_at_once(people, gateway, moto) -> None:
    person = people.sign_up()
    key = {"pk": {"S": f"USER#{person.id}"}, "sk": {"S": "USER"}}
    moto.aws.dynamodb.update_item(
        TableName=moto.resources.tables["core"],
        Key=key,
        UpdateExpression="SET is_active = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )

    assert person.get("/users/me").status == 401
    assert refresh(gateway, person.refresh_token).status == 401
    assert gateway.post("/auth/login", {"email": person.email, "password": PASSWORD}).code == "INVALID_CREDENTIALS"


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c"])
def test_what_is_no_refresh_token_is_refused(gateway, token: str) -> None:
    assert refresh(gateway, token).status == (401 if token else 400)


def test_neither_kind_of_token_passes_for_the_other(people, gateway) -> None:
    person = people.sign_up()

    assert gateway.get("/users/me", token=person.refresh_token).status == 401
    assert refresh(gateway, person.token).status == 401


@pytest.mark.emulator
def test_twenty_refreshes_at_once_give_one_line(emulator, new_gateway, advance) -> None:
    emulator.configure(RATE_LIMITS="off")
    gateway = new_gateway(emulator)
    person = People(gateway).sign_up()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: refresh(gateway, person.refresh_token), range(20)))

    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["refresh_token"] for answer in answers}) == 1
    assert refresh(gateway, answers[0].json["refresh_token"]).status == 200


@pytest.mark.parametrize("path", ["/users/me", "/auth/me", "/dashboard/me"])
def test_me_is_one_resource_at_three_paths(people, path: str) -> None:
    person = people.sign_up()

    answer = person.get(path)

    assert answer.data == person.user
    assert answer.headers["etag"].startswith('"1-')


def test_a_profile_is_changed_by_who_read_it_last(people) -> None:
    person = people.sign_up()

    changed = person.put(
        "/users/me", {"name": "Ada King", "preferences": {"theme": "dark"}}, headers={"if-match": '"1"'}
    )

    assert (changed.data["name"], changed.data["preferences"]) == ("Ada King", {"theme": "dark"})
    assert changed.headers["etag"].startswith('"2-')
    assert person.put("/users/me", {"name": "Ada"}, headers={"if-match": '"1"'}).status == 412


@pytest.mark.parametrize(
    "name", ["role", "is_active", "is_verified", "email", "id", "org_id", "is_admin", "created_at", "version"]
)
def test_a_user_changes_nothing_else_about_themselves(people, name: str) -> None:
    person = people.sign_up()

    answer = person.put("/users/me", {"name": "Ada", name: "super_admin"})

    assert (answer.status, answer.json["error"]["field"]) == (400, name)
    assert person.get("/users/me").data == person.user


@pytest.mark.parametrize("path", ["/users/me", "/auth/me", "/dashboard/me"])
def test_nobody_is_nobody(gateway, path: str) -> None:
    answer = gateway.get(path)

    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == 'Bearer realm="groundswell"'
