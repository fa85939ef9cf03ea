"""Gate S8 over the whole document: a canary in every field of bodies, in paths and in queries, is in no log line."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.backend import Backend
from tests.gateway import Gateway
from tests.integration.observability.test_canaries import CANARIES
from tests.integration.security.operations import Operation, operations
from tests.integration.security.world import World, build
from tests.people import People


@pytest.mark.usefixtures("advance")  # time stands still: no token expires in the middle
def test_no_field_of_any_operation_is_logged(moto: Backend, gateway: Gateway, people: People, log_lines, capfd) -> None:
    moto.configure(RATE_LIMITS="off")
    world = build(moto, gateway, people)
    secret = CANARIES["password"]

    for operation in operations():
        for body in _bodies(world.body(operation), secret):
            _call(world, operation, body)
        for query in _queries(operation, secret):
            _call(world, operation, world.body(operation), query=query)
        _call(world, operation, world.body(operation), ids=dict.fromkeys(world.ids, secret))

    written = json.dumps(log_lines(), ensure_ascii=False) + "".join(capfd.readouterr())
    assert len(log_lines()) > len(operations())
    assert [name for name, canary in CANARIES.items() if canary in written] == []


def _call(world: World, operation: Operation, body: Any, **sent: Any) -> None:
    """With a key where keys are taken, else as an owner who has nothing to lose: nobody signs out."""
    if operation.name in ("auth.logout", "clients.delete", "clients.delete.dashboard"):
        return
    headers = {"X-API-Key": world.key} if "scope" in operation.access else {}
    token = None if headers or operation.is_public else world.alice.token
    world.call(operation, token=token, body=body, headers=headers, **sent)


def _queries(operation: Operation, canary: str) -> Iterator[str]:
    """The canary in one parameter at a time: what is refused for one of them never reads the others. And as a name."""
    yield f"{canary}={canary}"
    yield from (f"{name}={canary}" for place, name in operation.parameters if place == "query")


def _bodies(example: Any, canary: str) -> Iterator[Any]:
    """The example with the canary in one place at a time, names of fields included."""
    match example:
        case dict():
            yield {**example, canary: canary}
            for name, value in example.items():
                for changed in _bodies(value, canary):
                    yield {**example, name: changed}
        case list():
            for at, value in enumerate(example):
                for changed in _bodies(value, canary):
                    yield [*example[:at], changed, *example[at + 1 :]]
        case _:
            yield canary
