"""From which origins browsers may call: those that the client lists, for that client."""

import pytest

SHOP, OTHER, NOBODYS = "https://shop.example", "https://other.example", "https://nobodys.example"
PREFLIGHT = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}


@pytest.fixture
def owner(people):
    person = people.sign_up()
    assert person.put(f"/clients/{person.client_id}", {"allowed_origins": [SHOP]}).status == 200
    return person


def lets(answer) -> bool:
    assert answer.headers["vary"] == "Origin"
    return "access-control-allow-origin" in answer.headers


def test_a_client_is_read_from_its_own_origins_only(owner):
    path = f"/clients/{owner.client_id}"

    mine, others = (owner.get(path, headers={"Origin": origin}) for origin in (SHOP, OTHER))

    assert (mine.status, mine.headers["access-control-allow-origin"]) == (200, SHOP)
    assert (others.status, lets(others)) == (200, False)
    assert "access-control-allow-credentials" not in mine.headers


def test_one_clients_origin_is_none_of_another_clients(owner):
    elsewhere = owner.post("/clients", {"name": "Elsewhere", "allowed_origins": [OTHER]}).data["id"]

    for path, origin, allowed in (
        (f"/clients/{elsewhere}", OTHER, True),
        (f"/clients/{elsewhere}", SHOP, False),
        (f"/clients/{owner.client_id}", OTHER, False),
        (f"/analytics/metrics?client_id={elsewhere}", SHOP, False),
        (f"/analytics/metrics?client_id={elsewhere}", OTHER, True),
    ):
        assert lets(owner.get(path, headers={"Origin": origin})) is allowed, path


def test_a_preflight_is_answered_to_the_origins_of_clients(owner, gateway):
    for origin, allowed in ((SHOP, True), (NOBODYS, False)):
        answer = gateway.call("OPTIONS", f"/clients/{owner.client_id}", headers={"Origin": origin, **PREFLIGHT})
        assert (answer.status, lets(answer)) == (204, allowed)


def test_signing_in_starts_from_any_clients_frontend(owner, gateway):
    wrong = {"email": owner.email, "password": "not the right one"}

    for origin, allowed in ((SHOP, True), (NOBODYS, False)):
        answer = gateway.post("/auth/login", wrong, headers={"Origin": origin})
        assert (answer.status, lets(answer)) == (401, allowed)


def test_an_origin_that_is_taken_off_the_list_is_let_in_no_more(owner):
    path = f"/clients/{owner.client_id}"

    owner.put(path, {"allowed_origins": [OTHER]})
    assert [lets(owner.get(path, headers={"Origin": origin})) for origin in (SHOP, OTHER)] == [False, True]

    owner.put(path, {"allowed_origins": [SHOP, OTHER]})
    owner.put(path, {"allowed_origins": []})
    assert [lets(owner.get(path, headers={"Origin": origin})) for origin in (SHOP, OTHER)] == [False, False]


def test_a_restored_client_has_its_origins(owner):
    owner.delete(f"/clients/{owner.client_id}")
    owner.post(f"/clients/{owner.client_id}/restore")

    assert lets(owner.get(f"/clients/{owner.client_id}", headers={"Origin": SHOP}))


def test_a_key_is_used_from_its_clients_origins(owner, gateway):
    keys = f"/clients/{owner.client_id}/api-keys"
    key = owner.post(keys, {"name": "Dashboard", "scopes": ["analytics:read"]}).data["api_key"]

    answers = [
        gateway.get("/analytics/metrics", headers={"X-API-Key": key, "Origin": origin}) for origin in (SHOP, OTHER)
    ]

    assert [(answer.status, lets(answer)) for answer in answers] == [(200, True), (200, False)]


def test_what_is_public_may_be_read_from_anywhere(gateway):
    assert lets(gateway.get("/health", headers={"Origin": NOBODYS}))


def test_as_many_origins_as_there_may_be_can_all_be_replaced(owner):
    path = f"/clients/{owner.client_id}"

    for number in range(2):
        origins = [f"https://app{number}-{index}.example" for index in range(40)]
        assert owner.put(path, {"allowed_origins": origins}).status == 200
    assert owner.put(path, {"allowed_origins": [*origins, SHOP]}).status == 400
