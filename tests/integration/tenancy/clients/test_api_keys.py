from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from groundswell.access.model import InvalidKey
from groundswell.http.principal import access
from groundswell.kernel.clock import utc_now
from tests.people import People


class Keys:
    """The keys of one person's client."""

    def __init__(self, person) -> None:
        self.person = person
        self.path = f"/clients/{person.client_id}/api-keys"

    def create(self, **body: object):
        return self.person.post(self.path, {"name": "Web shop"} | body)

    def rotate(self, key_id: str, **body: object):
        return self.person.post(f"{self.path}/{key_id}/rotate", body or None)

    def revoke(self, key_id: str):
        return self.person.delete(f"{self.path}/{key_id}")

    def listed(self) -> list[dict]:
        return self.person.get(self.path).data


@pytest.fixture
def keys(people) -> Keys:
    return Keys(people.sign_up())


def works(key: str) -> bool:
    try:
        access().open_key(key)
    except InvalidKey:
        return False
    return True


def test_a_key_is_shown_once_and_kept_as_a_hash(keys, moto) -> None:
    created = keys.create()

    key = created.data["api_key"]
    assert created.status == 201
    assert works(key)
    assert created.data["scopes"] == ["events:write"]
    listed = keys.listed()[0]
    assert "api_key" not in listed
    assert listed["hint"] == f"gp_live_{listed['id']}…{key[-4:]}"
    stored = moto.item("core", f"KEY#{listed['id']}", "KEY")
    assert key.split("_", 3)[3] not in str(stored)
    assert len(stored["secret_hash"]["S"]) == 64


def test_a_listed_key_carries_no_hash(keys) -> None:
    keys.create()

    assert not {name for name in keys.listed()[0] if "hash" in name or "secret" in name}


def test_rotation_overlaps(keys, advance) -> None:
    old = keys.create().data

    new = keys.rotate(old["id"], overlap_seconds=3600).data

    assert next(key for key in keys.listed() if key["id"] == old["id"])["rotated_to"] == new["id"]
    assert works(old["api_key"])
    assert works(new["api_key"])
    advance(seconds=3601)
    assert not works(old["api_key"])
    assert works(new["api_key"])


def test_rotation_without_a_body_overlaps_for_a_day_and_with_zero_not_at_all(keys, advance) -> None:
    first, second = keys.create().data, keys.create().data

    keys.rotate(first["id"])
    keys.rotate(second["id"], overlap_seconds=0)

    assert works(first["api_key"])
    assert not works(second["api_key"])
    advance(hours=24, seconds=1)
    assert not works(first["api_key"])


@pytest.mark.parametrize("rotated", [False, True])
def test_a_key_is_changed_by_who_read_it_last(keys, rotated: bool) -> None:
    key = keys.create().data
    key = keys.rotate(key["id"]).data if rotated else key
    path, read = f"{keys.path}/{key['id']}", f'"{key["version"]}"'

    changed = keys.person.put(path, {"name": "Mine"}, headers={"if-match": read})
    stale = keys.person.put(path, {"name": "Theirs"}, headers={"if-match": read})
    weak = keys.person.put(path, {"name": "Theirs"}, headers={"if-match": f"W/{changed.headers['etag']}"})

    assert (changed.status, changed.data["name"]) == (200, "Mine")
    assert changed.headers["etag"] == f'"{changed.data["version"]}"' != read
    assert (stale.status, weak.status) == (412, 412)
    assert "Theirs" not in {key["name"] for key in keys.listed()}
    assert keys.person.put(path, {"name": "Next"}, headers={"if-match": changed.headers["etag"]}).status == 200


@pytest.mark.parametrize("overlap", [-1, 7 * 86400 + 1, True, "60", 1.5])
def test_an_overlap_outside_its_bounds_is_bad_input(keys, overlap: object) -> None:
    assert keys.rotate(keys.create().data["id"], overlap_seconds=overlap).status == 400


def test_a_revoked_key_stops_at_once_and_revoking_twice_is_fine(keys) -> None:
    key = keys.create().data

    assert keys.revoke(key["id"]).status == 200
    assert not works(key["api_key"])
    assert keys.revoke(key["id"]).status == 200
    assert (keys.rotate(key["id"]).status, keys.rotate(key["id"]).code) == (409, "API_KEY_REVOKED")


def test_a_key_expires(keys, advance) -> None:
    ends = utc_now() + timedelta(hours=1)
    key = keys.create(expires_at=ends.isoformat()).data
    assert works(key["api_key"])

    advance(hours=1, seconds=1)

    assert not works(key["api_key"])


@pytest.mark.parametrize(
    "body",
    [
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2099-01-01T00:00:00"},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"name": ""},
        {"secret": "mine"},
        {"client_id": "other"},
        {"status": "active"},
    ],
)
def test_bad_input_makes_no_key(keys, body: dict) -> None:
    assert keys.create(**body).status == 400
    assert keys.listed() == []


def test_a_client_has_a_bounded_number_of_keys(keys, monkeypatch) -> None:
    monkeypatch.setattr("groundswell.tenancy.clients.apikeys.KEYS_AT_MOST", 3)
    made = [keys.create().data["id"] for _ in range(3)]

    refused = keys.create()
    keys.revoke(made[0])

    assert (refused.status, refused.code) == (409, "TOO_MANY_API_KEYS")
    assert keys.create().status == 201


def test_deleting_a_client_stops_all_its_keys(keys) -> None:
    made = [keys.create().data["api_key"] for _ in range(3)]

    keys.person.delete(f"/clients/{keys.person.client_id}")

    assert [works(key) for key in made] == [False] * 3


def test_keys_are_listed_page_by_page(keys) -> None:
    made = [keys.create().data["id"] for _ in range(3)]

    first = keys.person.get(f"{keys.path}?limit=2").json
    second = keys.person.get(f"{keys.path}?limit=2&cursor={first['meta']['next_cursor']}").json

    assert [key["id"] for key in first["data"] + second["data"]] == made
    assert second["meta"]["next_cursor"] is None
    assert keys.person.get(f"{keys.path}?cursor=made-up").status == 400


def test_another_clients_key_is_as_missing_as_none(keys, people) -> None:
    stranger = Keys(people.sign_up())
    key = keys.create().data

    for attempt in (
        stranger.rotate(key["id"]),
        stranger.revoke(key["id"]),
        stranger.revoke("missing"),
        stranger.revoke("x" * 200),
    ):
        assert (attempt.status, attempt.code) == (404, "API_KEY_NOT_FOUND")
    assert works(key["api_key"])


@pytest.mark.emulator
def test_of_twenty_rotations_at_once_one_succeeds(emulator, new_gateway) -> None:
    emulator.configure(RATE_LIMITS="off")
    keys = Keys(People(new_gateway(emulator)).sign_up())
    old = keys.create().data

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: keys.rotate(old["id"]), range(20)))

    statuses = sorted(answer.status for answer in answers)
    assert statuses == [201] + [409] * 19
    assert len(keys.listed()) == 2
