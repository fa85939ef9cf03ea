"""Gate S1: every operation of the API against everybody who must not get through.

The operations come from the API's own description, so a route added later is in the matrix at once. One that takes an
id which nobody here made a thing for fails: make one in `world.build`.
"""

import json
import re
from collections.abc import Iterator

import pytest

from tests.backend import Backend
from tests.clock import standing_still
from tests.gateway import Gateway
from tests.integration.security.operations import PEOPLE_ONLY, PUBLIC, names_in, operations
from tests.integration.security.world import BAD_TOKENS, NOWHERE, World, build
from tests.people import People

OPERATIONS = operations()
CLOSED = [operation for operation in OPERATIONS if not operation.is_public]
ON_CLIENTS = [operation for operation in CLOSED if operation.takes_client]
WITH_IDS = [
    operation for operation in CLOSED if re.search(r"\{\w+\}", operation.path) and not operation.is_for_operators
]
OWNED = [operation for operation in CLOSED if operation in ON_CLIENTS or operation in WITH_IDS]
FOR_KEYS = [operation for operation in CLOSED if operation.scope]
FOR_OPERATORS = [operation for operation in CLOSED if operation.is_for_operators]


@pytest.fixture(scope="module")
def built() -> Iterator[list[World]]:
    with standing_still():  # access ends after a quarter of an hour, and a busy machine may take longer
        yield []


@pytest.fixture
def world(built: list[World], moto: Backend, gateway: Gateway, people: People) -> World:
    """Built once: nobody in these tests may change it."""
    moto.configure(RATE_LIMITS="off")
    if not built:
        built.append(build(moto, gateway, people))
    return built[0]


def test_the_public_operations_are_those_on_the_list():
    assert {operation.name for operation in OPERATIONS if operation.is_public} == names_in(PUBLIC)


def test_every_operation_can_be_called_with_what_the_matrix_made(world):
    unmade = set()
    for operation in CLOSED:
        try:
            world.ids_for(operation)
        except KeyError as missing:
            unmade.add((operation.name, *missing.args))

    assert unmade == set()


def test_the_owner_gets_through_to_all_of_it(moto, gateway, people):
    """Or else the refusals below would prove nothing. Deleting comes last, and the client after all that is in it."""
    moto.configure(RATE_LIMITS="off")
    world = build(moto, gateway, people)
    once = [operation for operation in _in_order(OWNED) if operation.name != "clients.delete.dashboard"]

    answers = {
        operation.name: world.call(operation, token=world.alice.token)
        for operation in once
        if not operation.is_for_operators
    }

    refused = {name: answer.body for name, answer in answers.items() if answer.status in (401, 403, 404)}
    assert refused == {}
    assert {name: answer.body for name, answer in answers.items() if answer.status >= 500} == {}


@pytest.mark.parametrize("bad", BAD_TOKENS)
def test_a_bad_token_opens_nothing(world, bad):
    token, before = BAD_TOKENS[bad](world), world.tenant_a()

    answers = {operation.name: world.call(operation, token=token) for operation in CLOSED}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 401} == {}
    assert all("www-authenticate" in answer.headers for answer in answers.values())
    assert world.changes_since(before) == []


def test_without_a_token_nothing_opens(world):
    before = world.tenant_a()

    answers = {operation.name: world.call(operation).status for operation in CLOSED}

    assert {name: status for name, status in answers.items() if status != 401} == {}
    assert world.changes_since(before) == []


def test_another_tenant_with_real_ids_finds_nothing_and_changes_nothing(world):
    before = world.tenant_a()

    answers = {operation.name: world.call(operation, token=world.mallory.token) for operation in OWNED}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 404} == {}
    assert world.changes_since(before) == []


def test_what_is_foreign_looks_like_what_is_missing(world):
    for operation in WITH_IDS:
        missing = dict.fromkeys(world.ids, NOWHERE)
        foreign, absent = (world.call(operation, token=world.mallory.token, ids=ids) for ids in ({}, missing))
        assert _told(foreign.json) == _told(absent.json), operation.name


def test_a_role_for_another_client_is_none_for_this_one(world):
    before = world.tenant_a()

    answers = {client.name: world.call(client, token=world.editor_elsewhere.token).status for client in ON_CLIENTS}

    assert {name: status for name, status in answers.items() if status != 404} == {}
    assert world.changes_since(before) == []


def test_a_viewer_reads_and_does_nothing_else(world):
    before = world.tenant_a()

    answers = {client: world.call(client, token=world.viewer.token).status for client in ON_CLIENTS}

    assert {key.name: status for key, status in answers.items() if key.role != "viewer" and status != 403} == {}
    assert {key.name: status for key, status in answers.items() if key.is_read and status > 400} == {}
    assert world.changes_since(before) == []


def test_what_operators_do_is_closed_to_the_owners_of_tenants(world):
    answers = {operator.name: world.call(operator, token=world.alice.token).status for operator in FOR_OPERATORS}

    assert {name: status for name, status in answers.items() if status != 403} == {}


def test_what_is_done_for_a_client_takes_keys_or_is_on_the_list():
    assert {client.name for client in ON_CLIENTS if client.scope is None} == names_in(PEOPLE_ONLY)


def test_a_key_with_the_scope_and_no_other_gets_through(moto, gateway, people):
    moto.configure(RATE_LIMITS="off")
    world = build(moto, gateway, people)

    answers = {
        operation.name: world.call(
            operation, headers=world.with_scope(operation), ids=world.of_keys.get(operation.name)
        )
        for operation in _in_order(FOR_KEYS)
    }

    assert {name: answer.body for name, answer in answers.items() if answer.status in (401, 403, 404)} == {}
    assert {name: answer.body for name, answer in answers.items() if answer.status >= 500} == {}


def test_a_key_without_the_scope_is_told_which_it_lacks(world):
    before = world.tenant_a()

    answers = {key: world.call(key, headers=world.without_scope(key)) for key in FOR_KEYS}

    assert {key.name: answer.status for key, answer in answers.items() if answer.status != 403} == {}
    assert [key.name for key, answer in answers.items() if str(key.scope) not in answer.body.decode()] == []
    assert world.changes_since(before) == []


@pytest.mark.parametrize("header", [{"X-API-Key": "{}"}, {"Authorization": "Bearer {}"}], ids=["own header", "bearer"])
def test_no_scope_opens_what_is_for_people(world, header):
    for_people = [operation for operation in CLOSED if operation.scope is None]
    before = world.tenant_a()
    headers = {name: value.format(world.whole_key) for name, value in header.items()}

    answers = {person.name: world.call(person, headers=headers) for person in for_people}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 401} == {}
    assert world.changes_since(before) == []


def test_another_tenants_key_finds_nothing_and_changes_nothing(world):
    for_clients = [key for key in FOR_KEYS if key in OWNED]
    before = world.tenant_a()

    answers = {client.name: world.call(client, headers={"X-API-Key": world.foreign_key}) for client in for_clients}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 404} == {}
    assert world.changes_since(before) == []


def test_the_key_of_another_client_of_the_organization_finds_nothing(world):
    for_clients = [key for key in FOR_KEYS if key in OWNED]

    answers = {client.name: world.call(client, headers={"X-API-Key": world.key_elsewhere}) for client in for_clients}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 404} == {}


def _in_order(operations):
    """Deleting comes last, and the client after all that is in it."""
    last = {"clients.delete", "clients.delete.dashboard"}

    def key(operation):
        return operation.method == "DELETE", operation.name in last, -operation.path.count("/"), operation.name

    return sorted(operations, key=key)


def _told(body: dict) -> str:
    """All but what differs between any two answers."""
    return json.dumps({**body, "instance": "", "error": {**body["error"], "requestId": ""}}, sort_keys=True)
