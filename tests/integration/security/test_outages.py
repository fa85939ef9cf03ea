"""What AWS's failing looks like from outside: one body without internals, and nothing half done."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.backend import Backend
from tests.calls import Calls
from tests.gateway import Answer, Gateway
from tests.integration.security.operations import Operation, operations
from tests.integration.security.world import World, build
from tests.people import People

pytestmark = pytest.mark.usefixtures("advance")  # time stands still: no token expires in the middle

INTERNALS = "arn:aws:dynamodb:us-east-1:1:table/canary"
WRITES = ("Put", "Update", "Delete", "Transact", "BatchWrite")
REFUSALS = {500: "INTERNAL_ERROR", 503: "SERVICE_UNAVAILABLE", 429: "OVERLOADED"}
TELLS_ITSELF = "system.health.detailed"
"""Its 503 has a body of its own: which dependency is ill."""
IN_STEPS = {
    "admin.users.deactivate": "who is inactive is refused; the sessions go after",
    "cohorts.change": "the new list stands before the old one goes",
    "cohorts.refresh": "the new list stands before the old one goes",
    "metrics.record": "a block that is there is committed by whoever comes by",
    "usage.get": "measures, each client's by itself",
}
"""What writes more than once, and why it is whole after each."""
ENDS_ITS_CALLER = ("auth.logout", "auth.change_password", "totp.", "sessions.end")


@pytest.fixture
def world(moto: Backend, gateway: Gateway, people: People, monkeypatch: pytest.MonkeyPatch) -> World:
    moto.configure(RATE_LIMITS="off")
    built = build(moto, gateway, people)
    monkeypatch.setattr("tests.gateway.deliver_arrivals", lambda _: None)  # a function of its own, with retries
    return built


def test_when_aws_fails_every_operation_says_so_in_one_body_without_internals(
    world: World, people: People, calls: Calls
) -> None:
    wrong, request_count = [], 0

    for operation in operations():
        sent = _sender(world, people, operation)
        with calls.broken(0, "ValidationException", INTERNALS) as made:
            answer = world.call(operation, **sent)
        request_count += bool(made)
        wrong += [f"{operation.name}: {problem}" for problem in (_wrong(operation, answer) if made else ())]

    assert wrong == [], "\n".join(wrong)
    assert request_count > len(operations()) / 2


@pytest.mark.fuzz
def test_whichever_write_is_throttled_nothing_is_half_done(world: World, people: People, calls: Calls) -> None:
    in_order = sorted(
        operations(), key=lambda operation: (operation.method == "DELETE", -operation.path.count("/"), operation.name)
    )

    problems = [line for operation in in_order for line in _throttled(world, people, calls, operation)]

    assert problems == [], "\n".join(problems)


def _throttled(world: World, people: People, calls: Calls, operation: Operation) -> Iterator[str]:
    """The operation with each of its writes failing in turn, until it has no further one."""
    sent = _sender(world, people, operation)
    before: dict[str, str] = {}
    for step in count():
        before = before or (world.tenant_a() if step else {})  # nothing was written when the first write failed
        with calls.broken(step, "ThrottlingException", INTERNALS, WRITES) as made:
            answer = world.call(operation, **sent)
        if len(made) <= step or answer.status < 300:  # done, or done without what may be missing
            return
        changed = world.changes_since(before) if step and operation.name not in IN_STEPS else ()
        yield from (f"{operation.name} {made}: {problem}" for problem in (*_wrong(operation, answer), *changed))


def _sender(world: World, people: People, operation: Operation) -> dict[str, Any]:
    if operation.access == {"scope": "events:write"}:
        return {"headers": {"X-API-Key": world.key}}
    if operation.is_public:
        return {}
    if operation.name.startswith(ENDS_ITS_CALLER):
        return {"token": people.sign_up().token}
    return {"token": world.operator.token if operation.is_for_operators else world.alice.token}


def _wrong(operation: Operation, answer: Answer) -> Iterator[str]:
    if INTERNALS.encode() in answer.body or b"botocore" in answer.body:
        yield "tells internals"
    if answer.status not in REFUSALS:
        yield f"answers {answer.status}"
    elif answer.status != 500 and not int(answer.headers.get("retry-after", 0)) and operation.name != TELLS_ITSELF:
        yield "does not say when to come back"
    elif operation.name != TELLS_ITSELF and not _is_problem(answer):
        yield f"is no problem: {answer.body!r}"


def _is_problem(answer: Answer) -> bool:
    error = answer.json["error"]
    actual = (answer.headers["content-type"], error["code"], error["requestId"])
    return actual == ("application/problem+json", REFUSALS[answer.status], answer.headers["x-request-id"])
