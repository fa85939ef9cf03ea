"""A client's time zone is that of every question about it that names none."""

import pytest

from tests.integration.analytics.tenant import Tenant

WINTER, SPRING = "2026-02-28T12:30:00Z", "2026-03-01T10:00:00Z"
"""In Auckland (UTC+13) both are of the first day of March."""
DAYS = "from=2026-03-01&to=2026-03-02"
RANGE = {"from": "2026-03-01", "to": "2026-03-02"}
ASKED = {
    "breakdown": {"by": "name"},
    "uniques": {},
    "funnel": {"steps": [{"name": "walk"}, {"name": "run"}]},
    "retention": {"start": {"name": "walk"}},
    "paths": {"start": {"name": "walk"}},
    "sessions": {},
}


def transaction(number, at):
    properties = {"status": "confirmed", "value": "1"}
    chain = {"wallet_address": "0x" + "5a" * 20, "chain_id": "1", "transaction_hash": f"0x{number}a"}
    return {"type": "tx", "userId": "ada", "timestamp": at, "properties": properties, **chain}


@pytest.fixture
def tenant(people):
    tenant = Tenant(people.sign_up())
    tenant.send(
        [
            {"type": "track", "event": "walk", "userId": "ada", "timestamp": WINTER},
            {"type": "track", "event": "run", "userId": "ada", "timestamp": SPRING},
            *(transaction(number, at) for number, at in enumerate((WINTER, SPRING))),
        ]
    )
    assert tenant.person.put(f"/clients/{tenant.client_id}", {"timezone": "Pacific/Auckland"}).status == 200
    return tenant


def get(tenant, path):
    answer = tenant.person.get(path + ("&" if "?" in path else "?") + f"client_id={tenant.client_id}")
    assert answer.status == 200, answer.body
    return answer.json


def ask(tenant, path, body):
    answer = tenant.person.post(path, RANGE | body | {"client_id": tenant.client_id})
    assert answer.status < 300, answer.body
    return answer.data


@pytest.mark.parametrize(("zone", "counted"), [("", 2), ("&timezone=UTC", 1), ("&tz=UTC", 1)])
def test_days_are_local_to_the_client_unless_a_question_names_a_zone(tenant, zone, counted):
    data = get(tenant, f"/analytics/metrics?granularity=day&{DAYS}{zone}")["data"]
    groups = get(tenant, f"/analytics/breakdown?{DAYS}{zone}")["data"]["groups"]
    names = get(tenant, f"/analytics/catalogue/events?{DAYS}{zone}")["data"]["events"]
    events = get(tenant, f"{tenant.events_path}?{DAYS}{zone}")["data"]
    (person,) = get(tenant, f"/analytics/persons?{DAYS}{zone}")["data"]

    assert (sum(point["value"] for point in data["series"]), len(data["series"])) == (2 * counted, 1)
    named = {"walk", "run"}
    assert len([group for group in groups if group["group"] in named]) == counted
    assert len([event for event in events if event["name"] in named]) == counted
    assert person["events"] == 2 * counted
    assert names


@pytest.mark.parametrize("kind", ASKED)
def test_a_question_with_a_body_and_as_a_job_is_about_the_same_days(tenant, kind):
    path = {"funnel": "funnels"}.get(kind, kind)

    at_once = ask(tenant, f"/analytics/{path}", ASKED[kind])
    elsewhere = ask(tenant, f"/analytics/{path}", ASKED[kind] | {"timezone": "UTC"})
    job = ask(tenant, "/analytics/questions", ASKED[kind] | {"kind": kind})["question"]

    as_of = {"as_of": None}
    assert at_once | as_of != elsewhere | as_of
    assert (job["timezone"], job["from"], job["to"]) == ("Pacific/Auckland", 1772276400000, 1772362800000)


def test_questions_about_chains_too(tenant):
    totals = [get(tenant, f"/analytics/web3/transactions?{DAYS}{zone}")["data"]["total"] for zone in ("", "&tz=UTC")]
    moved = [get(tenant, f"/analytics/web3/volume?{DAYS}{zone}")["data"]["groups"] for zone in ("", "&tz=UTC")]

    assert totals == [2, 1]
    assert [groups[0]["count"] for groups in moved] == [2, 1]


def test_the_zone_costs_no_call(tenant, calls):
    with calls.counted() as named:
        get(tenant, f"/analytics/metrics?{DAYS}&timezone=Pacific/Auckland")
    with calls.counted() as default:
        get(tenant, f"/analytics/metrics?{DAYS}")

    assert default == named
