"""Cohorts over HTTP: defined, taken, paged, exported, changed, deleted."""

import json
from uuid import uuid4

import pytest

from functions.analytics.cohorts.routes import cohorts
from groundswell.analytics.cohorts import question
from groundswell.analytics.cohorts import store as keeping
from groundswell.analytics.questions.rows import RowReader
from tests.calls import Crash
from tests.gateway import call_handler
from tests.integration.analytics.tenant import Tenant

JSON = {"content-type": "application/json"}
BUYERS = {"name": "Buyers", "rules": [{"did": {"name": "bought"}, "at_least": 2}]}


@pytest.fixture
def tenant(people):
    tenant = Tenant(people.sign_up())
    tenant.send(
        [
            {"type": "track", "event": "bought", "id": f"{user} {n}", "userId": f"user {user}"}
            for user in range(7)
            for n in range(1 if user == 3 else 2)
        ]
        + [{"type": "identify", "id": "i", "userId": "user 1", "traits": {"plan": "team"}}]
    )
    return tenant


def made(tenant, body=BUYERS):
    answer = tenant.person.post("/analytics/cohorts", body)
    assert answer.status == 201, answer.body
    return answer.data


def members(tenant, cohort, limit=100):
    persons, query = [], f"limit={limit}"
    while query:
        answer = tenant.person.get(f"/analytics/cohorts/{cohort['id']}/members?{query}")
        persons += [member["person"] for member in answer.data]
        cursor = answer.json["meta"]["next_cursor"]
        query = f"limit={limit}&cursor={cursor}" if cursor else None
    return persons


def stored(tenant):
    """What the core table keeps of the client's cohorts."""
    items = tenant.person.gateway.backend.items("core")
    mine = [item for item in items if item.get("gsi1pk", {}).get("S") == f"CLIENT#{tenant.client_id}"]
    return sorted(item["kind"]["S"] for item in mine if item["gsi1sk"]["S"].startswith("COHORT#"))


EVERYBODY = [f"user {user}" for user in (0, 1, 2, 4, 5, 6)]


def test_a_cohort_has_the_members_it_had_when_it_was_taken(tenant, monkeypatch):
    monkeypatch.setattr(keeping, "_CHUNK", 2)
    cohort = made(tenant)
    tenant.send([{"type": "track", "event": "bought", "id": "more", "userId": "user 3"}])

    assert cohort["size"] == 6
    assert members(tenant, cohort) == members(tenant, cohort, limit=1) == members(tenant, cohort, limit=4) == EVERYBODY

    again = tenant.person.post(f"/analytics/cohorts/{cohort['id']}/refresh", {})
    assert again.data["size"] == 7
    assert members(tenant, cohort) == sorted([*EVERYBODY, "user 3"])
    assert stored(tenant) == ["cohort", *["cohort_members"] * 4]


def test_a_cohort_is_exported_as_json_and_as_csv(tenant):
    cohort = made(tenant)

    exported = tenant.person.get(f"/analytics/cohorts/{cohort['id']}/export")
    csv = tenant.person.get(f"/analytics/cohorts/{cohort['id']}/export?format=csv")

    assert (exported.data["persons"], exported.data["size"]) == (EVERYBODY, 6)
    assert csv.headers["content-type"].startswith("text/csv")
    assert csv.body.decode().splitlines() == [f'"{cell}"' for cell in ("person", *EVERYBODY)]


def test_an_id_that_a_spreadsheet_would_compute_is_text_in_the_csv_and_itself_in_json(tenant):
    tenant.send([{"type": "track", "event": "bought", "id": f"e{n}", "userId": "=cmd|' /C calc'!A0"} for n in "12"])
    cohort = made(tenant)

    exported = tenant.person.get(f"/analytics/cohorts/{cohort['id']}/export")
    csv = tenant.person.get(f"/analytics/cohorts/{cohort['id']}/export?format=csv")

    assert "=cmd|' /C calc'!A0" in exported.data["persons"]
    assert "\"'=cmd|' /C calc'!A0\"" in csv.body.decode().splitlines()


def test_a_changed_cohort_is_taken_anew_and_a_stale_change_is_refused(tenant):
    cohort = made(tenant)
    body = {"name": "Team", "match": "any", "rules": [{"trait": "plan", "equals": "team"}]}

    changed = tenant.person.put(f"/analytics/cohorts/{cohort['id']}", body)

    assert (changed.data["name"], changed.data["size"], changed.data["rules"]) == ("Team", 1, body["rules"])
    assert members(tenant, cohort) == ["user 1"]
    stale = tenant.person.put(f"/analytics/cohorts/{cohort['id']}", body, headers={"If-Match": '"1"'})
    assert stale.status == 412
    assert [cohort["name"] for cohort in tenant.person.get("/analytics/cohorts").data] == ["Team"]


def test_whoever_is_erased_is_on_no_list_any_more(tenant):
    first, second = made(tenant), made(tenant)
    service = cohorts()

    assert service.forget(tenant.client_id, ["user 1", "user 6", "nobody"]) == 4
    assert service.forget(tenant.client_id, ["user 1", "user 6", "nobody"]) == 0

    for cohort in (first, second):
        assert members(tenant, cohort) == ["user 0", "user 2", "user 4", "user 5"]
    assert stored(tenant) == ["cohort", "cohort", "cohort_members", "cohort_members"]


def test_a_deleted_cohort_leaves_nothing(tenant):
    cohort = made(tenant)

    assert tenant.person.delete(f"/analytics/cohorts/{cohort['id']}").status == 200

    assert tenant.person.get(f"/analytics/cohorts/{cohort['id']}").status == 404
    assert tenant.person.delete(f"/analytics/cohorts/{cohort['id']}").status == 404
    assert stored(tenant) == []


@pytest.fixture
def large(tenant, monkeypatch):
    """Every range holds more events than a request may read."""
    monkeypatch.setattr(RowReader.__init__, "__defaults__", (3, None, None))
    return tenant


def work(moto, tenant, taking):
    body = json.dumps({"client_id": tenant.client_id, "operation_id": taking["id"]})
    event = {"Records": [{"messageId": "m", "body": body}]}
    assert call_handler(moto, "question_jobs", event) == {"batchItemFailures": []}
    return tenant.person.get(f"/operations/{taking['id']}?client_id={tenant.client_id}").data


def later(answer):
    assert answer.status == 202, answer.body
    assert answer.headers["location"] == f"/api/v1/operations/{answer.data['id']}"
    assert (answer.data["job"], answer.data["status"]) == ("cohort", "queued")
    return answer.data


def test_of_too_many_events_a_worker_takes_the_cohort_which_is_there_when_that_is_done(moto, large):
    taking = later(large.person.post("/analytics/cohorts", BUYERS))
    cohort = {"id": taking["cohort_id"]}
    assert large.person.get(f"/analytics/cohorts/{cohort['id']}").status == 404

    done = work(moto, large, taking)

    assert (done["status"], done["result"]["cohort_id"], done["result"]["size"]) == ("succeeded", cohort["id"], 6)
    assert members(large, cohort) == EVERYBODY
    shown = large.person.get(f"/analytics/cohorts/{cohort['id']}").data
    assert (shown["name"], shown["size"], shown["rules"]) == ("Buyers", 6, BUYERS["rules"])
    assert large.person.get(f"/analytics/questions/{taking['id']}").status == 404
    assert work(moto, large, taking) == done
    assert stored(large) == ["cohort", "cohort_members"]


def test_a_large_cohort_is_the_old_one_until_it_is_taken_anew(moto, large):
    cohort = {"id": (first := later(large.person.post("/analytics/cohorts", BUYERS)))["cohort_id"]}
    work(moto, large, first)
    large.send([{"type": "track", "event": "bought", "id": "more", "userId": "user 3"}])
    again = later(large.person.post(f"/analytics/cohorts/{cohort['id']}/refresh", {}))
    assert members(large, cohort) == EVERYBODY
    work(moto, large, again)
    assert members(large, cohort) == sorted([*EVERYBODY, "user 3"])

    body = {"name": "Team", "rules": [{"trait": "plan", "equals": "team"}]}
    changing = later(large.person.put(f"/analytics/cohorts/{cohort['id']}", body))
    assert large.person.get(f"/analytics/cohorts/{cohort['id']}").data["name"] == "Buyers"
    work(moto, large, changing)

    assert large.person.get(f"/analytics/cohorts/{cohort['id']}").data["name"] == "Team"
    assert members(large, cohort) == ["user 1"]
    assert stored(large) == ["cohort", "cohort_members"]


@pytest.mark.parametrize("after", [False, True])
def test_the_worker_of_a_large_cohort_may_be_killed_at_any_call(moto, large, calls, monkeypatch, after):
    monkeypatch.setattr(keeping, "_CHUNK", 2)
    monkeypatch.setattr(keeping, "_TOGETHER", 1)
    taking, step, died = later(large.person.post("/analytics/cohorts", BUYERS)), 0, True
    event = {"client_id": large.client_id, "operation_id": taking["id"]}
    while died:
        try:
            with calls.crashing(step, after=after):
                call_handler(moto, "question_jobs", {"Records": [{"messageId": "m", "body": json.dumps(event)}]})
            died = False
        except Crash:
            step += 1

    assert step > 10
    assert work(moto, large, taking)["result"]["size"] == 6
    assert members(large, {"id": taking["cohort_id"]}) == EVERYBODY
    assert stored(large) == ["cohort", *["cohort_members"] * 3]


def test_a_large_cohort_of_more_persons_than_it_holds_says_so(moto, large, monkeypatch):
    monkeypatch.setattr(question, "MEMBERS_AT_MOST", 5)
    failed = work(moto, large, later(large.person.post("/analytics/cohorts", BUYERS)))

    assert failed["status"] == "failed"
    assert failed["error"].startswith("More than 100000 persons fit")
    assert stored(large) == []


LONG = "0.10000000000000000000000001"


@pytest.mark.parametrize(
    ("said", "equals", "size"),
    [("1.50", "1.5", 1), ('"1.5"', '"1.5"', 1), ("1.5", '"1.5"', 0), (LONG, LONG, 1), (LONG, "0.1", 0)],
)
def test_a_trait_means_the_same_whenever_the_list_is_taken(tenant, said, equals, size):
    event = f'{{"type":"identify","id":"{uuid4()}","userId":"exact","traits":{{"size":{said}}}}}'
    tenant.send(f"[{event}]".encode(), JSON)
    rules = f'{{"name":"c","rules":[{{"trait":"size","equals":{equals}}}]}}'.encode()

    cohort = tenant.person.post("/analytics/cohorts", rules, headers=JSON).data
    again = tenant.person.post(f"/analytics/cohorts/{cohort['id']}/refresh", {}).data

    assert (cohort["size"], again["size"]) == (size, size)
    assert cohort["rules"][0]["equals"] == json.loads(equals)


@pytest.mark.parametrize(
    "rules", [[], [{}], [{"did": {}, "trait": "a"}], [{"did": {}, "at_least": 0}], [{"trait": "a", "days": 0}]]
)
def test_a_definition_must_be_one(tenant, rules):
    assert tenant.person.post("/analytics/cohorts", {"name": "c", "rules": rules}).status == 400
