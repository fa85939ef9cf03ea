"""An export from the request to the file, through the real handlers; killed anywhere it ends in the same one file."""

import io
import json
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest

from groundswell.kernel.clock import set_offset
from groundswell.privacy.exports import job
from tests.integration.privacy.test_no_trace import WALLET, adas, prove, viewed

NAMES = {"qz-ada", "qz-device", "qz-first"}


@pytest.fixture
def life(past, owner):
    """Of a person with a device, another name and a wallet, and of others beside them."""
    past.send(*adas())
    for at in range(4):
        past.send(viewed(f"bob {at}"), viewed(f"shared {at}", anonymousId="qz-device"))
    past.fold()
    again = viewed(1, userId="qz-ada", anonymousId="qz-device")
    past.send(viewed(4, userId="qz-ada", anonymousId="qz-device", properties={"big": 12345678901234567890.5}), again)
    past.send(viewed("bad", userId="qz-ada", type="odd"))
    past.send({"type": "track", "userId": "bob"})
    prove(owner)
    assert owner.post("/privacy/suppressions", {"anonymous_id": "qz-first", "reason": "asked"}).status == 201
    rules = [{"did": {"name": "Viewed"}, "at_least": 1}]
    assert owner.post("/analytics/cohorts", {"name": "Viewers", "rules": rules}).data["size"] >= 2
    return past


@pytest.fixture
def export(worker, owner):
    def made(body):
        return worker.finish(worker.start(body, "exports"))

    return made


@pytest.fixture
def later():
    yield lambda **by: set_offset(timedelta(**by))
    set_offset(timedelta(0))


def files(moto, owner):
    bucket = moto.resources.buckets["exports"]
    objects = moto.aws.s3.list_objects_v2(Bucket=bucket, Prefix=f"people/{owner.client_id}/").get("Contents", [])
    return [s3_object["Key"] for s3_object in objects]


def opened(moto, owner, done):
    """The members of the export's file, after all that its manifest claims was checked."""
    [name] = [file for file in files(moto, owner) if done["id"] in file]
    data = moto.aws.s3.get_object(Bucket=moto.resources.buckets["exports"], Key=name)["Body"].read()
    assert (sha256(data).hexdigest(), len(data)) == (done["result"]["sha256"], done["result"]["bytes"])
    with ZipFile(io.BytesIO(data)) as file:
        members = {member: file.read(member) for member in file.namelist()}
    manifest = json.loads(members["manifest.json"])
    for entry in manifest["files"]:
        content = members[entry["name"]]
        assert (sha256(content).hexdigest(), len(content)) == (entry["sha256"], entry["bytes"])
        if entry["name"].endswith(".jsonl"):
            assert len(content.splitlines()) == entry["records"] == manifest["counts"][entry["name"][:-6]]
    assert manifest["files"] == done["result"]["files"]
    return manifest, members


def lines(members, name):
    return [json.loads(line) for line in members[name].splitlines()]


def test_the_file_holds_all_that_the_readers_show_of_the_person(moto, owner, life, export):
    done = export({"person": "qz-device"})

    assert (done["status"], done["progress"]) == ("succeeded", 100)
    manifest, members = opened(moto, owner, done)
    shown = owner.get("/analytics/persons/qz-ada").data
    profile = json.loads(members["profile.json"])
    assert profile["events"] == shown["events"] == manifest["counts"]["events"] == 7
    for same in ("user_ids", "anonymous_ids", "traits", "names", "first_seen", "last_seen"):
        assert profile[same] == shown[same], same
    wallets = [(wallet["address"], wallet["events"], wallet["proof"] is not None) for wallet in profile["wallets"]]
    assert wallets == [(wallet["address"], wallet["events"], wallet["verified"]) for wallet in shown["wallets"]]
    assert {identifier["value"] for identifier in profile["identifiers"]} >= {*NAMES, WALLET.address.lower()}
    timeline = owner.get("/analytics/persons/qz-ada/events?limit=100").data
    events = lines(members, "events.jsonl")
    assert sorted(item["id"] for item in events) == sorted(entry["id"] for entry in timeline)
    by_id = {entry["id"]: entry for entry in timeline}
    for event in events:
        same = ("kind", "name", "ts", "received_at", "user_id", "anonymous_id", "traits", "properties", "context")
        assert {name: event.get(name, {}) for name in same} == {name: by_id[event["id"]][name] for name in same}
    assert Counter(line["code"] for line in lines(members, "rejected_events.jsonl")) == {"unknown_type": 1}
    assert [line["value"] for line in lines(members, "suppressions.jsonl")] == ["qz-first"]
    assert [line["name"] for line in lines(members, "cohorts.jsonl")] == ["Viewers"]
    assert [line["user_id"] for line in lines(members, "wallet_proofs.jsonl")] == ["qz-ada"]
    assert b"bob" not in b"".join(members.values())


def test_numbers_are_as_they_were_written(moto, owner, past, export):
    past.send({"type": "track", "event": "e", "userId": "ada", "messageId": "m", "properties": {"wei": 10**30 + 1}})

    _, members = opened(moto, owner, export({"user_id": "ada"}))

    assert b'"wei":1000000000000000000000000000001' in members["events.jsonl"]


def test_a_wallet_is_exported_with_its_own_events_only(moto, owner, life, export):
    done = export({"wallet": f"eip155:1:{WALLET.address}"})

    manifest, members = opened(moto, owner, done)
    assert manifest["counts"]["events"] == owner.get(f"/analytics/wallets/{WALLET.address}").data["events"] == 2
    assert len(lines(members, "wallet_proofs.jsonl")) == 1


@pytest.mark.parametrize("asked", [{"user_id": "qz-first"}, {"anonymous_id": "qz-device"}, {"email": "QZ-Mail"}])
def test_any_name_leads_to_the_same_person(moto, owner, life, export, asked):
    manifest, _ = opened(moto, owner, export(asked))

    assert manifest["counts"]["events"] == 7


def test_an_email_of_several_persons_exports_nobody(past, export):
    for who in ("ada", "eve"):
        past.send({"type": "identify", "messageId": who, "userId": who, "traits": {"email": "a@b.example"}})

    done = export({"email": "a@b.example"})

    assert (done["status"], done["result"]) == ("failed", None)
    assert "Several persons" in done["error"]


def test_one_that_is_too_large_leaves_nothing_behind(moto, owner, life, export, monkeypatch):
    monkeypatch.setattr(job, "EVENTS_AT_MOST", 5)
    monkeypatch.setattr(job, "_BLOCKS", 3)

    done = export({"person": "qz-ada"})

    assert (done["status"], "ask the archive" in done["error"], files(moto, owner)) == ("failed", True, [])


def test_of_nobody_there_is_a_file_that_says_so(moto, owner, past, export):
    for subject in ({"person": "nobody"}, {"email": "nobody@b.example"}, {"wallet": "0x" + "00" * 20}):
        manifest, _ = opened(moto, owner, export(subject))
        assert manifest["counts"]["events"] == 0


def test_a_link_is_made_at_each_look_and_noted(moto, owner, life, worker, export):
    queued = worker.start({"person": "qz-ada"}, "exports")
    assert owner.get(f"/privacy/exports/{queued['id']}").data["download"] is None
    worker.finish(queued)

    looks = [owner.get(f"/privacy/exports/{queued['id']}") for _ in range(2)]

    for look in looks:
        parameters = parse_qs(urlsplit(look.data["download"]["url"]).query)
        assert 0 < int(parameters["X-Amz-Expires"][0]) <= 300
        assert "X-Amz-Signature" in parameters
        assert look.headers["cache-control"] == "no-store"
    trail = owner.get("/admin/audit?action=export.").data
    assert Counter(entry["action"] for entry in trail) == {
        "export.requested": 1,
        "export.succeeded": 1,
        "export.link_issued": 2,
    }
    assert "qz-" not in json.dumps(trail)
    assert "qz-" not in json.dumps(owner.get("/privacy/exports").data)


@pytest.mark.parametrize("after", [False, True])
def test_killed_before_or_after_every_call_one_file_comes_out(moto, owner, life, worker, monkeypatch, after):
    monkeypatch.setattr(job, "_BLOCKS", 3)
    operation = worker.start({"email": "qz-mail"}, "exports")

    deaths = worker.killed_everywhere(operation, after=after)

    done = worker.look(operation)
    assert deaths > 40
    manifest, _ = opened(moto, owner, done)
    assert manifest["counts"]["events"] == 7
    assert files(moto, owner) == [f"people/{owner.client_id}/{operation['id']}/export.zip"]
    finished = owner.get("/admin/audit?action=export.succeeded").data
    assert len(finished) == 1


def test_told_twice_there_is_one_file_and_it_stays_the_same(moto, owner, life, worker):
    operation = worker.start({"person": "qz-ada"}, "exports")
    first = worker.finish(operation)
    life.send(viewed(9, userId="qz-ada"))

    again = worker.finish(operation)

    assert again == first
    assert opened(moto, owner, again)[0]["counts"]["events"] == 7


def test_an_erasure_deletes_the_files_of_whom_it_erases_and_no_others(moto, owner, life, worker, export):
    mine, others = export({"person": "qz-ada"}), export({"person": "bob"})

    erased = worker.erase({"person": "qz-device"})

    assert erased["status"] == "succeeded"
    summary = erased["result"]["exports"]
    assert {name: summary[name] for name in ("outcome", "objects", "rewritten", "found_clean")} == {
        "outcome": "clean",
        "objects": 2,
        "rewritten": 1,
        "found_clean": 1,
    }
    assert files(moto, owner) == [f"people/{owner.client_id}/{others['id']}/export.zip"]
    assert owner.get(f"/privacy/exports/{mine['id']}").data["download"] is None
    assert owner.get(f"/privacy/exports/{others['id']}").data["download"]


def test_an_erasure_of_a_time_deletes_all_files(moto, owner, life, worker, export):
    export({"person": "bob"})

    worker.erase({"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"})

    assert files(moto, owner) == []


def test_an_erasure_waits_for_an_export_that_runs(moto, owner, life, worker, later):
    running = worker.start({"person": "qz-ada"}, "exports")
    erasure = worker.start({"person": "qz-ada"})

    assert worker.finish(erasure)["status"] == "running"
    worker.finish(running)
    later(minutes=2)

    assert worker.finish(erasure)["result"]["exports"]["rewritten"] == 1
    assert files(moto, owner) == []


def test_exports_and_erasures_are_listed_apart_newest_first(owner, past, worker):
    made = {what: [worker.start({"person": "p"}, what)["id"] for _ in range(5)] for what in ("exports", "erasures")}

    for what, ids in made.items():
        listed_ids, query = [], "limit=2"
        while query:
            answer = owner.get(f"/privacy/{what}?{query}")
            listed_ids += [operation["id"] for operation in answer.data]
            cursor = answer.json["meta"]["next_cursor"]
            query = f"limit=2&cursor={cursor}" if cursor else None
        assert listed_ids == sorted(ids, reverse=True)


def test_exports_are_for_the_owner_and_admins_of_the_client(owner, people, past, worker, gateway):
    made = worker.start({"person": "ada"}, "exports")
    admin, member, mallory = people.member_of(owner, "admin"), people.member_of(owner), people.sign_up()
    path = f"/privacy/exports/{made['id']}"

    assert admin.get(f"{path}?client_id={owner.client_id}").status == 200
    assert member.get(f"{path}?client_id={owner.client_id}").status in (403, 404)
    assert mallory.get(path).status == mallory.get(f"{path}?client_id={owner.client_id}").status == 404
    assert gateway.get(path).status == 401
    key = owner.post(f"/clients/{owner.client_id}/api-keys", {"name": "k", "scopes": ["privacy:write"]}).data["api_key"]
    assert gateway.post("/privacy/exports", {"person": "ada"}, headers={"x-api-key": key}).status in (401, 403)
    erasure = worker.start({"person": "ada"})
    assert owner.get(f"/privacy/exports/{erasure['id']}").status == 404
    for bad in ({}, {"person": "a", "email": "b"}, {"person": ""}, {"nobody": "a"}):
        assert owner.post("/privacy/exports", bad).status == 400
