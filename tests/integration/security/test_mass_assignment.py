"""Gate S6: nobody writes what is not theirs to write, on any operation, and no answer has a place for a secret."""

import re
from typing import Any

import pytest

from tests.backend import Backend
from tests.gateway import Gateway
from tests.integration.security.operations import Operation, operations, properties
from tests.integration.security.world import NOWHERE, World, build
from tests.people import People

CLAIMS = {
    "client_id": NOWHERE,
    "org_id": NOWHERE,
    "role": "super_admin",
    "is_admin": True,
    "id": NOWHERE,
    "created_at": "1999-01-01T00:00:00Z",
    "password_hash": "claimed",
}
WRITES = [operation for operation in operations() if isinstance(operation.example, dict)]
LENIENT = {
    "auth.token",  # RFC 6749, 3.2: unknown parameters are ignored
    "google.exchange",  # these answer that there is no such provider here, whatever is asked
    "microsoft.exchange",
    "linkedin.exchange",
    "bots.inbound",  # what Telegram sends has more fields every month
    "bots.inbound.bot",
}
CLOSED = [write for write in WRITES if write.access != {"scope": "events:write"} and write.name not in LENIENT]
OF_KEYS = [
    operation for operation in operations() if operation.access == {"scope": "events:write"} and operation.example
]
SECRET = re.compile(r"hash|secret|password|pepper|sealed|private", re.IGNORECASE)
PUBLIC = {"tx_hash"}
"""Hashes that everybody can read on a chain."""
SHOWN_ONCE = {
    "totp.setup": {"secret"},
    "clients.create_with_key": {"api_key"},
    "webhooks.create": {"secret"},
    "webhooks.rotate_secret": {"secret"},
    "bots.create": {"secret_shown_once"},
    "bots.reconnect": {"secret_shown_once"},
    "integrations.catalog": {"secret"},  # says that a field is one
}


@pytest.fixture
def world(moto: Backend, gateway: Gateway, people: People) -> World:
    moto.configure(RATE_LIMITS="off")
    return build(moto, gateway, people)


def test_no_operation_lets_anybody_write_what_is_not_theirs(world: World):
    let_in = [
        (operation.name, claim) for operation in CLOSED for claim in CLAIMS if not _is_harmless(world, operation, claim)
    ]

    assert let_in == [], str(let_in)


def _is_harmless(world: World, operation: Operation, claim: str) -> bool:
    """Refused by name, or for a client that is none of the caller's. What a schema names, its own tests try."""
    if claim in dict(properties(operation.takes)):
        return True
    body: Any = {**world.body(operation), claim: CLAIMS[claim]}
    somebody = world.operator if operation.is_for_operators else world.alice
    answer = world.call(operation, token=None if operation.is_public else somebody.token, body=body)
    names_it = answer.status == 400 and claim in answer.body.decode()
    return names_it or (claim == "client_id" and answer.status == 404)


def test_an_event_goes_to_the_client_of_its_key_whatever_it_says(world: World):
    victim = world.mallory.client_id
    claims = {"client_id": victim, "clientId": victim, "org_id": world.mallory.user["org_id"]}

    for operation in OF_KEYS:
        body = operation.body()
        claimed = {**body, **claims} if isinstance(body, dict) else [{**event, **claims} for event in body]
        answer = world.call(operation, headers={"X-API-Key": world.key, "X-Client-Id": victim}, body=claimed)
        assert answer.status < 500

    assert [item["pk"]["S"] for item in world.backend.items("events") if victim in item["pk"]["S"]] == []


def test_no_answer_has_a_place_for_a_secret_or_a_hash():
    names = {
        (operation.name, name)
        for operation in operations()
        for schema in operation.gives
        for name, _ in properties(schema)
        if SECRET.search(name) and name not in PUBLIC | SHOWN_ONCE.get(operation.name, set())
    }

    assert names == set()
