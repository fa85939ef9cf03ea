"""One synthesis of each stage for all tests."""

import pytest

from tests.infra.synthesis import Synthesis, synthesized


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesized("dev", tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="session")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """Outside us-east-1, with a domain and an address for alarms: what an operator may add."""
    return synthesized(
        "staging",
        tmp_path_factory.mktemp("staging"),
        region="eu-central-1",
        domain_name="api.example.com",
        certificate_arn="arn:aws:acm:us-east-1:000000000000:certificate/one",
        alarm_email="operators@example.com",
        google_client_id="one.apps.googleusercontent.com",
        reserved_concurrency=True,
    )


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesized("prod", tmp_path_factory.mktemp("prod"), alarm_email="operators@example.com")


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesized("local", tmp_path_factory.mktemp("local"))


@pytest.fixture(params=["dev", "staging", "prod", "local"])
def any_stage(request: pytest.FixtureRequest) -> Synthesis:
    synthesis: Synthesis = request.getfixturevalue(request.param)
    return synthesis
