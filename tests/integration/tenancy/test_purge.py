"""Deleted clients: two weeks to restore them, then nothing is left but a report."""

from datetime import timedelta

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.schedules.store import set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.transaction import write
from tests.calls import Crash
from tests.gateway import call_handler


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def deleted(owner, consume, calls):
    """A client with a key, a member, an invitation, a timer and events, in two of its write_shards at least."""
    client = owner.post("/clients", {"name": "Engines"}).data["id"]
    key = owner.post(f"/clients/{client}/api-keys", {"name": "k", "scopes": ["events:write"]}).data["api_key"]
    owner.post(f"/clients/{client}/invitations", {"email": f"{client}@people.example"})
    sent = owner.gateway.post("/sdk/event", {"eventName": "Seen"}, headers={"x-api-key": key})
    assert sent.status == 202
    with calls.busy(f"{client}#0"):
        assert owner.gateway.post("/sdk/event", {"eventName": "Seen"}, headers={"x-api-key": key}).status == 202
    write([set_timer(Timer(client, "task.due", "task", utc_now() + timedelta(days=365), "tasks"))])
    consume()
    assert owner.delete(f"/clients/{client}").status == 200
    return client


def purge(moto, due=None):
    """A round at a due time of its own, unless one is named."""
    return call_handler(moto, "purge", {"due": due or f"{utc_now():%Y-%m-%dT%H:%M:%S.%fZ}"})


def left_of(moto, client):
    """Keys of what names the client, but for the audit log, the report and the mail that is on its way."""
    kept = ("AUDIT#", "PURGE", "OUTBOX#")
    items = [item for table in ("core", "events") for item in moto.items(table)]
    mine = [item for item in items if client in str(item) and not item["pk"]["S"].startswith(kept)]
    return [(item["pk"]["S"], item["sk"]["S"]) for item in mine if "PURGE" not in item["sk"]["S"]]


def test_within_two_weeks_a_client_comes_back_with_all_it_had(owner, deleted, moto, advance):
    assert [client["id"] for client in owner.get("/clients/deleted").data] == [deleted]
    assert purge(moto)["clients"] == 0

    restored = owner.post(f"/clients/{deleted}/restore")

    assert restored.status == 200
    assert len(owner.get(f"/clients/{deleted}/api-keys").data) == 1
    assert owner.get("/clients/deleted").data == []


def test_after_two_weeks_nothing_is_left_but_a_report(people, owner, deleted, moto, advance):
    advance(days=14, minutes=1)
    owner = people.sign_in(owner.email)

    assert purge(moto)["clients"] == 1

    report = owner.get("/organization/purges").data[0]
    assert (report["client_id"], report["state"]) == (deleted, "finished")
    assert {kind: number > 0 for kind, number in report["counts"].items()} == {
        "timers": True,
        "api_keys": True,
        "memberships": True,
        "invitations": True,
        "event_records": True,
    }
    assert owner.post(f"/clients/{deleted}/restore").status in (404, 410)
    rest = left_of(moto, deleted)
    assert [key for key in rest if key != (f"CLIENT#{deleted}", "CLIENT")] == []


def test_its_files_of_exports_go_and_nobody_elses(people, owner, deleted, moto, advance):
    bucket = moto.resources.buckets["exports"]
    names = [f"people/{client}/some-export/export.zip" for client in (deleted, f"{deleted}-too")]
    for name in names:
        moto.aws.s3.put_object(Bucket=bucket, Key=name, Body=b"zip")
    advance(days=14, minutes=1)

    purge(moto)

    keys = {content["Key"] for content in moto.aws.s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert keys & set(names) == {names[1]}
    assert people.sign_in(owner.email).get("/organization/purges").data[0]["counts"]["export_files"] == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(0, 56, 7))
def test_a_purge_that_dies_anywhere_is_carried_on_by_the_next(
    people, owner, deleted, moto, advance, calls, step, after
):
    advance(days=14, minutes=1)
    try:
        with calls.crashing(step, after=after):
            purge(moto)
    except Crash:
        pass
    advance(hours=1)

    purge(moto)

    owner = people.sign_in(owner.email)
    assert [purge["state"] for purge in owner.get("/organization/purges").data] == ["finished"]
    assert [key for key in left_of(moto, deleted) if key != (f"CLIENT#{deleted}", "CLIENT")] == []


def test_a_due_time_that_fires_twice_purges_once(deleted, moto, advance):
    advance(days=14, minutes=1)

    assert [purge(moto, "2031-01-01T00:00:00Z")["done"] for _ in range(2)] == [True, False]


def test_another_organization_sees_no_report(people, owner, deleted, moto, advance):
    advance(days=14, minutes=1)
    purge(moto)

    assert people.sign_up().get("/organization/purges").data == []
