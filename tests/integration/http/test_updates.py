"""PUT and PATCH change what they are sent and keep the rest."""

import pytest

from tests.integration.security.operations import document

ACTS = (
    *(f"/api/v1/alerts/instances/{{instance_id}}/{act}" for act in ("acknowledge", "dismiss", "feedback", "resolve")),
    "/api/v1/chat/threads/{thread_id}/tags",
)
"""PUTs that do something, or set all there is at their path."""


def updates() -> dict[str, set[str]]:
    """Paths that take a PUT with a body to keep what is absent, with all methods that they take."""
    paths = document()["paths"]
    return {
        path: set(item) for path, item in paths.items() if "requestBody" in item.get("put", {}) and path not in ACTS
    }


def test_whatever_takes_a_put_takes_a_patch() -> None:
    assert len(updates()) > 5
    assert [path for path, methods in updates().items() if "patch" not in methods] == []


def test_no_update_requires_what_it_could_keep() -> None:
    paths, schemas = document()["paths"], document()["components"]["schemas"]
    bodies = {path: paths[path]["put"]["requestBody"]["content"]["application/json"]["schema"] for path in updates()}
    required = {path: schemas[body["$ref"].rpartition("/")[2]].get("required") for path, body in bodies.items()}

    all_that_it_has = {
        "/api/v1/clients/{client_id}/members/{user_id}": ["role"],
        "/api/v1/business/webinars/{webinar_id}/registrations/{registration_id}": ["status"],
        "/api/v1/search/goals/{goal_id}": ["budget"],
        "/api/v1/notifications/preferences": ["kinds"],
        "/api/v1/tasks/comments/{comment_id}": ["content"],
    }
    assert {path: names for path, names in required.items() if names} == all_that_it_has


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_is_absent_stays_and_null_clears(people, method: str) -> None:
    owner = people.sign_up()
    path = f"/clients/{owner.client_id}"
    owner.put(path, {"industry": "Engines", "website": "https://engines.example"})

    changed = owner.call(method, path, {"website": None, "timezone": "Europe/London"})

    assert changed.status == 200
    assert [changed.data[name] for name in ("industry", "website", "timezone")] == ["Engines", None, "Europe/London"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_cohort_keeps_its_rules_when_it_is_renamed(people, method: str) -> None:
    owner = people.sign_up()
    made = owner.post("/analytics/cohorts", {"name": "Buyers", "rules": [{"trait": "plan", "equals": "team"}]}).data

    renamed = owner.call(method, f"/analytics/cohorts/{made['id']}", {"name": "Teams"})

    assert (renamed.data["name"], renamed.data["rules"]) == ("Teams", made["rules"])
    assert owner.call(method, f"/analytics/cohorts/{made['id']}", {"rules": None}).status == 400


def test_a_repeated_patch_has_one_effect(people) -> None:
    owner = people.sign_up()
    once = {"idempotency-key": "rename-1"}

    first = owner.call("PATCH", f"/clients/{owner.client_id}", {"name": "New"}, headers=once)
    again = owner.call("PATCH", f"/clients/{owner.client_id}", {"name": "New"}, headers=once)

    assert (again.json, again.headers["idempotency-replayed"]) == (first.json, "true")


def test_events_are_listed_beside_the_other_readers_too(people) -> None:
    owner = people.sign_up()

    listed = owner.get("/analytics/events?limit=5")

    assert (listed.status, listed.data, listed.json["meta"]["limit"]) == (200, [], 5)
