"""Gate S3: whatever is sent, the API answers as its description says. Schemathesis makes up what is sent."""

import os
from collections import defaultdict
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished

from tests.backend import Backend
from tests.gateway import Gateway
from tests.integration.security.operations import document, operations
from tests.integration.security.world import World, build
from tests.integration.security.wsgi import Wsgi
from tests.people import People

pytestmark = pytest.mark.usefixtures("advance")  # time stands still: no token expires in the middle of a long run
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
TAGS = sorted(
    {tag for item in document()["paths"].values() for operation in item.values() for tag in operation.get("tags", ())}
)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
ENDS_ITS_CALLER = ("auth.logout", "auth.change_password", "totp.", "sessions.end")
"""What would leave no caller for the operations after it: somebody else calls these."""


def test_every_example_is_answered_as_described(moto: Backend, gateway: Gateway, people: People):
    failures = Run(moto, gateway, people).of({"examples": {"enabled": True}})

    assert failures == [], "\n".join(failures)


@pytest.mark.fuzz
@pytest.mark.parametrize("tag", TAGS)
def test_every_bound_of_every_operation_is_answered_as_described(
    moto: Backend, gateway: Gateway, people: People, tag: str
):
    """Each parameter and member below, at and above its bounds, and absent: a minute a router."""
    failures = Run(moto, gateway, people).of({"coverage": {"enabled": True, "unexpected-methods": []}}, tag)

    assert failures == [], "\n".join(failures)


def test_every_operation_has_a_router_to_be_tried_with():
    untagged = [
        operation["operationId"]
        for item in document()["paths"].values()
        for operation in item.values()
        if not operation["tags"]
    ]

    assert untagged == []


@pytest.mark.fuzz
def test_no_made_up_request_breaks_the_description(moto: Backend, gateway: Gateway, people: People):
    failures = Run(moto, gateway, people).of({"fuzzing": {"enabled": True}})

    assert failures == [], "\n".join(failures)


@pytest.mark.fuzz
@pytest.mark.parametrize("tag", TAGS)
def test_no_chain_of_requests_breaks_the_description(moto: Backend, gateway: Gateway, people: People, tag: str):
    """Per router: over everything at once it misses bugs."""
    failures = Run(moto, gateway, people).of({"stateful": {"enabled": True}}, tag)

    assert failures == [], "\n".join(failures)


class Run:
    """One run of Schemathesis over A's things."""

    def __init__(self, moto: Backend, gateway: Gateway, people: People) -> None:
        moto.configure(RATE_LIMITS="off")
        self._world = build(moto, gateway, people)
        self._people = people
        self._gateway = gateway

    def of(self, phases: dict[str, Any], tag: str | None = None) -> list[str]:
        """What it found, a line each."""
        config = _config(self._world, self._people, phases)
        app = Wsgi(self._gateway, _described(tag))
        schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)
        failures_by_label: dict[str, set[str]] = defaultdict(set)
        for event in from_schema(schema).execute():
            _collect(event, failures_by_label)
        return [
            f"{label}: {failure}"
            for label, failures in sorted(failures_by_label.items())
            for failure in sorted(failures)
        ]


def _described(tag: str | None) -> dict[str, Any]:
    """The description, or one router's: with operations in the configuration, `schema.include` chooses nothing."""
    paths = {
        path: {method: operation for method, operation in item.items() if tag is None or tag in operation["tags"]}
        for path, item in document()["paths"].items()
    }
    return {**document(), "paths": {path: item for path, item in paths.items() if item}}


def _config(world: World, people: People, phases: dict[str, Any]) -> SchemathesisConfig:
    off = {name: {"enabled": False} for name in ("examples", "coverage", "fuzzing", "stateful")}
    return SchemathesisConfig.from_dict(
        {
            "seed": int(os.environ.get("FUZZ_SEED", "1")),
            "continue-on-failure": True,
            "headers": {"Authorization": f"Bearer {world.alice.token}"},
            "generation": {
                "max-examples": EXAMPLES,
                "no-shrink": True,
                "database": "none",
                "with-security-parameters": False,  # a made-up key would answer for alice, with 401 to everything
            },
            "phases": off | phases,
            "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
            "operations": [_operation(world, people, operation) for operation in operations()],
        }
    )


def _operation(world: World, people: People, operation: Any) -> dict[str, Any]:
    configuration: dict[str, Any] = {"include-operation-id": operation.name}
    configuration["parameters"] = {f"path.{name}": value for name, value in world.ids_for(operation).items()}
    if operation.access == {"scope": "events:write"}:
        configuration["headers"] = {"X-API-Key": world.key}
    if operation.is_for_operators:
        configuration["headers"] = {"Authorization": f"Bearer {world.operator.token}"}
    if operation.name.startswith(ENDS_ITS_CALLER):
        configuration["headers"] = {"Authorization": f"Bearer {people.sign_up().token}"}
    return configuration


def _collect(event: Any, failures: dict[str, set[str]]) -> None:
    if isinstance(event, NonFatalError):
        failures[event.label].add(str(event.info))
    if isinstance(event, ScenarioFinished) and event.status == Status.FAILURE:
        for checks in event.recorder.checks.values():
            for check in checks:
                if check.failure_info is not None:
                    failures[event.recorder.label].add(f"{check.failure_info.failure}")
