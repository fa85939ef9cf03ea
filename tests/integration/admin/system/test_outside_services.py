"""What health tells of others, without calling them."""

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.outbound.adapter_outcomes import DynamoOutcomes


@pytest.fixture
def owner(people):
    return people.sign_up()


def test_health_tells_what_is_set_up_what_answered_and_what_works(gateway, owner, moto) -> None:
    moto.configure(OPENAI_API_KEY="sk-secret", GOOGLE_CLIENT_ID="", BRAVE_API_KEY="")
    DynamoOutcomes(utc_now).note("OpenAI", "HTTP 500")

    for answer in (gateway.get("/health/detailed"), owner.get("/admin/system-health")):
        assert (answer.status, answer.data["status"]) == (200, "degraded")
        model, search = answer.data["outside"]["model"], answer.data["outside"]["search"]
        assert (model["configured"], model["reachable"], model["last_error"]) == (True, False, "HTTP 500")
        assert (search["configured"], search["reachable"], search["last_call_at"]) == (False, None, None)
        assert answer.data["features"]["model_answers"] == "fallback"
        assert answer.data["features"]["sign_in_with_google"] == "unavailable"
        assert b"sk-secret" not in answer.body


def test_one_read_tells_of_all_of_them(gateway, calls) -> None:
    with calls.counted() as made:
        gateway.get("/health/detailed")

    assert len([call for call in made if "Query" in str(call)]) == 1


def test_when_nothing_can_be_read_of_others_health_still_tells_of_us(gateway, calls) -> None:
    with calls.failing("Query", "ResourceNotFoundException", times=99):
        answer = gateway.get("/health/detailed")

    assert (answer.status, answer.data["outside"], answer.data["features"]) == (200, None, None)
