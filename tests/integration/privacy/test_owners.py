"""In a world with one of everything, all that is kept of a client has an owner, and is gone after its purge."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.kernel.clock import utc_now
from tests.gateway import call_handler
from tests.integration.media.conftest import form
from tests.integration.security.world import build
from tests.personal_data import all_personal_data, object_owners, owners
from tests.unit.media import files

KEPT = {
    "AUDIT#": "the organization's trail",
    "USAGE#": "the organization's account",
    "PURGE": "what waits for its purge, and the reports",
    "CLIENT#": "the client's own item",
    "OUTBOX#": "a message on its way: deleted when it is published",
}
"""What may name a client beside its data, by the beginning of its partition."""
RESTORED_WITHIN = timedelta(days=14)


@pytest.fixture
def world(moto, gateway, people):
    moto.configure(RATE_LIMITS="off")
    world = build(moto, gateway, people)
    client = world.alice.client_id
    changed = world.alice.put(f"/clients/{client}", {"allowed_origins": [f"https://{client}.example"]})
    assert changed.status == 200, changed.body
    _upload(world, client)
    pages = [{"slug": slug, "title": {"en": "T"}, "status": "published"} for slug in ("kept", "gone")]
    _, gone = (world.alice.post(f"/content/pages?client_id={client}", page).data["id"] for page in pages)
    assert world.alice.delete(f"/content/pages/{gone}?client_id={client}").status == 200
    return world


def _upload(world, client):
    """A file, and an announced one that turns out to be the same."""
    data = files.png()
    body, headers = form(data)
    assert world.alice.post(f"/content/media?client_id={client}", body, headers=headers).status == 201
    same = {"filename": "photo.png", "size": len(data), "content_type": "image/png"}
    made = world.alice.post(f"/content/media?client_id={client}", same).data
    uploads, key = world.backend.resources.buckets["uploads"], made["upload"]["fields"]["key"]
    world.backend.aws.s3.put_object(Bucket=uploads, Key=key, Body=data)
    assert world.alice.post(f"/content/media/{made['asset']['id']}/complete?client_id={client}").status == 200


@pytest.fixture
def features(world):
    return all_personal_data(world.backend.everything())


def kept_of(backend, client):
    """Table and item of all that names the client and will still be there when it is purged."""
    latest = (datetime.now(UTC) + RESTORED_WITHIN).timestamp()
    for table in backend.resources.tables:
        for item in backend.items(table):
            expires = float(item.get("expires_at", {}).get("N", "inf"))
            if client in str(item) and expires > latest and not item["pk"]["S"].startswith(tuple(KEPT)):
                yield table, item


def objects_of(backend, client):
    for bucket, name in backend.resources.buckets.items():
        for s3_object in backend.aws.s3.list_objects_v2(Bucket=name).get("Contents", ()):
            if client in s3_object["Key"]:
                yield bucket, s3_object["Key"]


def named(items):
    return sorted(f"{table} {item['pk']['S']} {item['sk']['S']}" for table, item in items)


def test_all_that_is_kept_of_a_client_has_one_owner(world, features):
    client = world.alice.client_id
    kept = list(kept_of(world.backend, client))

    assert len(kept) > 20
    assert named(one for one in kept if len(owners(features, *one, client)) != 1) == []
    objects = objects_of(world.backend, client)
    assert [one for one in objects if len(object_owners(features, *one, client)) != 1] == []


def test_the_world_has_something_under_every_prefix(world, features):
    """Or the test above says nothing of it."""
    client = world.alice.client_id
    items = (item for table in world.backend.resources.tables for item in world.backend.items(table))
    listed = {item.get("gsi1sk", {}).get("S", "") for item in items if client in str(item)}

    prefixes = {prefix for feature in features for prefix in feature.prefixes}
    assert {prefix for prefix in prefixes if not any(key.startswith(prefix) for key in listed)} == set()


def test_nothing_is_left_of_it_after_its_purge(world, people, moto, advance):
    client, other = world.alice.client_id, world.mallory.client_id
    others = named(kept_of(world.backend, other))
    assert world.alice.delete(f"/clients/{client}").status == 200
    advance(days=14, minutes=1)

    purged = call_handler(moto, "purge", {"due": f"{utc_now():%Y-%m-%dT%H:%M:%S.%fZ}"})

    assert purged["finished"]
    assert named(kept_of(world.backend, client)) == []
    assert list(objects_of(world.backend, client)) == []
    assert others
    assert named(kept_of(world.backend, other)) == others
