from datetime import UTC, datetime

import pytest

from groundswell.admin.system.model import Health, overall
from groundswell.admin.system.outside import FEATURES, OUTSIDE, features_of, states_of
from groundswell.outbound.outcomes import Outcome

AT = datetime(2026, 11, 30, tzinfo=UTC)
KEYS = {"OPENAI_API_KEY": "sk", "GOOGLE_CLIENT_ID": "one"}


def states(*outcomes: Outcome, **settings: str):
    return states_of(lambda name: settings.get(name, ""), outcomes)


@pytest.mark.parametrize(
    ("settings", "outcome", "model"),
    [
        ({}, None, "fallback"),
        (KEYS, None, "available"),
        (KEYS, Outcome("OpenAI", True, AT), "available"),
        (KEYS, Outcome("OpenAI", False, AT, "HTTP 500", AT), "fallback"),
    ],
)
def test_a_feature_with_rules_is_never_away(settings, outcome, model) -> None:
    assert features_of(states(*([outcome] if outcome else []), **settings))["model_answers"] == model


def test_a_feature_without_rules_is_away_or_degraded() -> None:
    down = Outcome("Google", False, AT, "timeout", AT)

    assert features_of(states())["sign_in_with_google"] == "unavailable"
    assert features_of(states(**KEYS))["sign_in_with_google"] == "available"
    assert features_of(states(down, **KEYS))["sign_in_with_google"] == "degraded"


def test_what_needs_two_settings_is_configured_by_both() -> None:
    assert not states(LINKEDIN_CLIENT_ID="one")["linkedin"].configured
    assert states(LINKEDIN_CLIENT_ID="one", LINKEDIN_CLIENT_SECRET="two")["linkedin"].configured


def test_an_outside_service_that_is_silent_degrades_and_never_more() -> None:
    down = Outcome("OpenAI", False, AT, "timeout", AT)

    assert overall((), frozenset(), states(down, **KEYS)) is Health.DEGRADED
    assert overall((), frozenset(), states(down)) is Health.HEALTHY  # its key was taken away
    assert overall((), frozenset(), None) is Health.HEALTHY


def test_every_feature_names_a_service() -> None:
    assert {feature.service for feature in FEATURES} <= {service.name for service in OUTSIDE}
