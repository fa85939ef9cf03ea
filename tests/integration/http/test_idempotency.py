"""R7: the same Idempotency-Key has one effect and one answer."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from groundswell.http.idempotency import Answer, Claim, IdempotencyStore, InFlight
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Conflict
from groundswell.kernel.ids import new_id

BOLT = {"name": "bolt"}


@pytest.fixture
def key() -> dict[str, str]:
    return {"idempotency-key": f'"{uuid4()}"'}


def test_a_repeat_gets_the_first_answer_and_has_no_effect(toys, toy, key) -> None:
    first = toys.post("/things", BOLT, headers=key)
    again = toys.post("/things", BOLT, headers=key)

    assert toy.effects == ["bolt"]
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


def test_another_body_under_the_same_key_is_refused(toys, toy, key) -> None:
    toys.post("/things", BOLT, headers=key)

    answer = toys.post("/things", {"name": "nut"}, headers=key)

    assert (answer.status, answer.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert toy.effects == ["bolt"]


def test_another_query_or_another_thing_under_the_same_key_is_refused(toys, toy, key) -> None:
    toys.post("/things/1/touch", headers=key)

    assert toys.post("/things/2/touch", headers=key).status == 422
    assert toys.post("/things/1/touch?force=1", headers=key).status == 422
    assert toy.effects == ["1"]


def test_another_operation_may_use_the_same_key(toys, toy, key) -> None:
    toys.post("/things", BOLT, headers=key)

    assert toys.post("/secrets", BOLT, headers=key).status == 201


def test_the_spellings_of_a_path_are_one_operation(toys, toy, key) -> None:
    for path in ("/things", "=/api/things", "=/things/"):
        assert toys.post(path, BOLT, headers=key).status == 201

    assert toy.effects == ["bolt"]


def test_keys_of_different_callers_do_not_meet(toys, toy, key) -> None:
    toys.post("/things", BOLT, headers=key)
    toys.post("/things", BOLT, headers=key, ip="192.0.2.77")

    assert toy.effects == ["bolt", "bolt"]


def test_keys_of_different_users_do_not_meet(people, key) -> None:
    one, other = people.sign_up(), people.sign_up()

    assert one.post("/clients", BOLT, headers=key).data["org_id"] == one.user["org_id"]
    assert other.post("/clients", BOLT, headers=key).data["org_id"] == other.user["org_id"]


def test_a_key_does_not_let_an_ended_session_read_an_answer(people, key) -> None:
    person = people.sign_up()
    person.post("/clients", BOLT, headers=key)
    person.post("/auth/logout")

    assert person.post("/clients", BOLT, headers=key).status == 401


def test_a_refused_request_may_be_corrected_under_its_key(toys, toy, key) -> None:
    assert toys.post("/things", {"name": ""}, headers=key).status == 400

    assert toys.post("/things", BOLT, headers=key).status == 201
    assert toy.effects == ["bolt"]


def test_a_repeat_during_the_first_is_told_to_come_back(toys, toy, key) -> None:
    store = IdempotencyStore(utc_now, new_id)
    claim = store.begin("scope", key["idempotency-key"], "print")

    with pytest.raises(InFlight):
        store.begin("scope", key["idempotency-key"], "print")

    assert isinstance(claim, Claim)


def test_a_request_that_died_is_free_again_after_its_lease(toys, toy, key, advance) -> None:
    def crash() -> None:
        raise RuntimeError

    toy.during = crash
    assert toys.post("/things", BOLT, headers=key).status == 500
    toy.during = lambda: None

    early = toys.post("/things", BOLT, headers=key)
    advance(seconds=61)
    late = toys.post("/things", BOLT, headers=key)

    assert (early.status, early.code) == (409, "REQUEST_IN_FLIGHT")
    assert late.status == 201


def test_who_was_overtaken_after_the_lease_does_not_overwrite_the_answer(moto, advance) -> None:
    store = IdempotencyStore(utc_now, new_id)
    slow = store.begin("overtaken", "k", "print")
    advance(seconds=61)
    fast = store.begin("overtaken", "k", "print")
    store.finish(fast, Answer(201, {}, "fast"), secret=False)

    store.finish(slow, Answer(201, {}, "slow"), secret=False)
    store.release(slow)

    assert store.begin("overtaken", "k", "print") == Answer(201, {}, "fast")


def test_an_answer_is_kept_for_a_day(toys, toy, key, advance) -> None:
    toys.post("/things", BOLT, headers=key)
    advance(hours=23)
    toys.post("/things", BOLT, headers=key)
    assert len(toy.effects) == 1

    advance(hours=1, seconds=1)
    toys.post("/things", {"name": "nut"}, headers=key)

    assert toy.effects == ["bolt", "nut"]


def test_an_answer_with_a_secret_is_not_kept(toys, toy, key, moto) -> None:
    first = toys.post("/secrets", BOLT, headers=key)
    again = toys.post("/secrets", BOLT, headers=key)

    assert first.data["name"] == "canary-bolt"
    assert (again.status, again.code) == (409, "ALREADY_DONE")
    assert toy.effects == ["bolt"]
    assert "canary-bolt" not in str(moto.items("ephemeral"))


def test_no_operation_that_answers_with_a_secret_keeps_it(people, moto) -> None:
    person = people.sign_up()
    headers = {"idempotency-key": str(uuid4())}
    login = {"email": person.email, "password": "correct horse battery"}
    keys = f"/clients/{person.client_id}/api-keys"
    key_id = person.post(keys, {"name": "first"}).data["id"]
    secrets = [
        person.gateway.post("/auth/login", login, headers=headers).json["access_token"],
        person.gateway.post("/auth/refresh", {"refresh_token": person.refresh_token}, headers=headers).json[
            "access_token"
        ],
        person.post(keys, {"name": "k"}, headers=headers).data["api_key"],
        person.post(f"{keys}/{key_id}/rotate", headers=headers).data["api_key"],
        person.post("/dashboard/client-companies", BOLT, headers=headers).data["api_key"],
    ]

    stored = str(moto.items("ephemeral"))

    assert [secret for secret in secrets if secret in stored] == []


def test_a_key_that_cannot_be_one_is_bad_input(toys, toy) -> None:
    answer = toys.post("/things", BOLT, headers={"idempotency-key": "a b"})

    assert (answer.status, answer.json["error"]["field"]) == (400, "Idempotency-Key")
    assert toy.effects == []


def test_a_request_without_a_key_costs_no_call(toys, calls) -> None:
    with calls.counted() as made:
        toys.post("/things", BOLT)

    assert made == []


def test_a_put_whose_answer_was_lost_is_our_own_claim(moto, calls) -> None:
    store = IdempotencyStore(utc_now, lambda: "one token")
    first = store.begin("lost", "k", "print")

    assert store.begin("lost", "k", "print") == first


@pytest.mark.emulator
def test_twenty_at_once_have_one_effect(emulator) -> None:
    effects, store, key = [], IdempotencyStore(utc_now, new_id), str(uuid4())

    def request(_: int) -> str:
        try:
            outcome = store.begin("twenty", key, "print")
        except Conflict as error:
            return error.code
        if isinstance(outcome, Answer):
            return outcome.body
        effects.append(outcome.token)
        store.finish(outcome, Answer(201, {}, outcome.token), secret=False)
        return outcome.token

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(request, range(20)))

    assert len(effects) == 1
    assert set(answers) <= {effects[0], "REQUEST_IN_FLIGHT"}
    assert request(21) == effects[0]


def test_another_host_under_the_same_key_is_the_same_request(toys, toy, key) -> None:
    toys.post("/things", BOLT, headers=key)

    again = toys.post("/things", BOLT, headers=key | {"host": "elsewhere.example?force=1"})

    assert again.headers["idempotency-replayed"] == "true"
    assert toy.effects == ["bolt"]
