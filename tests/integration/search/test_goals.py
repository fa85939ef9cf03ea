"""Goals and strategies over HTTP."""

import pytest

from functions.search.examples import GOAL
from tests.people import Person


@pytest.fixture
def ada(people) -> Person:
    return people.sign_up()


def test_a_goal_becomes_a_strategy_by_rules_where_there_is_no_model(ada):
    made = ada.post("/search/goals", GOAL)

    assert (made.status, made.headers["location"]) == (201, f"/api/v1/search/goals/{made.data['id']}")
    strategy = made.data["strategy"]
    assert (strategy["made_by"], strategy["notice"], strategy["version"]) == ("rules", "MODEL_NOT_CONFIGURED", 1)
    assert strategy["queries"][0]["q"] == '"Head of Growth" fintech Berlin -agency'
    assert strategy["filters"] == {
        "titles": ["Head of Growth"],
        "industries": ["fintech"],
        "locations": ["Berlin"],
        "keywords": ["analytics"],
        "exclude": ["agency"],
    }
    assert ada.get(f"/search/goals/{made.data['id']}").data == made.data
    [listed] = ada.get("/search/goals").data
    assert (listed["id"], listed["status"], listed["cost"]["amount"]) == (made.data["id"], "planned", "0")


def test_a_strategy_is_edited_as_the_next_version_and_earlier_ones_stay(ada):
    goal = ada.post("/search/goals", {"goal": "Bakeries in Berlin that deliver"}).data
    path = f"/search/strategies/{goal['strategy']['id']}"

    changed = ada.put(path, {"queries": [{"q": "bakery berlin"}]}, headers={"If-Match": '"1"'})

    assert (changed.status, changed.data["version"], changed.headers["etag"]) == (200, 2, '"2"')
    assert changed.data["queries"] == [{"q": "bakery berlin", "reason": ""}]
    assert changed.data["filters"] == goal["strategy"]["filters"]
    assert ada.put(path, {"queries": [{"q": "bakery"}]}, headers={"If-Match": '"1"'}).status == 412
    assert ada.get(path).data == changed.data
    assert ada.get(f"{path}?version=1").data == goal["strategy"]
    assert ada.get(f"{path}?version=3").status == 404


def test_a_member_changes_the_strategies_of_their_own_goals_alone(ada, people):
    member = people.member_of(ada)
    ada.post(f"/clients/{ada.client_id}/members", {"user_id": member.id, "role": "member"})
    theirs, mine = (
        person.post(f"/search/goals?client_id={ada.client_id}", GOAL).data["id"] for person in (member, ada)
    )

    changed, refused = (
        member.put(f"/search/strategies/{goal_id}?client_id={ada.client_id}", {"queries": [{"q": "bakery"}]})
        for goal_id in (theirs, mine)
    )

    assert (changed.status, refused.status) == (200, 403)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "goal"),
        ({"goal": "??!"}, "goal"),
        ({"goal": "bakeries", "budget": {"searches": 0}}, "budget.searches"),
        ({"goal": "bakeries", "locations": [""]}, "locations.0"),
        ({"goal": "bakeries", "depth": 3}, "depth"),
    ],
)
def test_a_goal_that_cannot_be_searched_for_is_refused_by_its_field(ada, body, field):
    refused = ada.post("/search/goals", body)
    assert (refused.status, refused.json["error"]["field"]) == (400, field)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"queries": []}, "queries"),
        ({"queries": None}, "queries"),
        ({"ranking": [{"factor": "luck", "weight": 1}]}, "ranking.0.factor"),
        ({"ranking": [{"factor": "title", "weight": 2}]}, "ranking.0.weight"),
    ],
)
def test_a_strategy_that_cannot_be_followed_is_refused_by_its_field(ada, body, field):
    goal = ada.post("/search/goals", {"goal": "Bakeries in Berlin"}).data
    refused = ada.put(f"/search/strategies/{goal['id']}", body)
    assert (refused.status, refused.json["error"]["field"]) == (400, field)
