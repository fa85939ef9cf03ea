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
CLOSED = [each for each in OPERATIONS if not each.is_public]
ON_CLIENTS = [each for each in CLOSED if each.takes_client]
WITH_IDS = [each for each in CLOSED if re.search(r"\{\w+\}", each.path) and not each.is_for_operators]
OWNED = [each for each in CLOSED if each in ON_CLIENTS or each in WITH_IDS]
FOR_KEYS = [each for each in CLOSED if each.scope]
FOR_OPERATORS = [each for each in CLOSED if each.is_for_operators]


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
    assert {each.name for each in OPERATIONS if each.is_public} == names_in(PUBLIC)


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
    once = [each for each in _in_order(OWNED) if each.name != "clients.delete.dashboard"]

    answers = {each.name: world.call(each, token=world.alice.token) for each in once if not each.is_for_operators}

    refused = {name: answer.body for name, answer in answers.items() if answer.status in (401, 403, 404)}
    assert refused == {}
    assert {name: answer.body for name, answer in answers.items() if answer.status >= 500} == {}


@pytest.mark.parametrize("bad", BAD_TOKENS)
def test_a_bad_token_opens_nothing(world, bad):
    token, before = BAD_TOKENS[bad](world), world.tenant_a()

    answers = {each.name: world.call(each, token=token) for each in CLOSED}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 401} == {}
    assert all("www-authenticate" in answer.headers for answer in answers.values())
    assert world.changes_since(before) == []


def test_without_a_token_nothing_opens(world):
    before = world.tenant_a()

    answers = {each.name: world.call(each).status for each in CLOSED}

    assert {name: status for name, status in answers.items() if status != 401} == {}
    assert world.changes_since(before) == []


def test_another_tenant_with_real_ids_finds_nothing_and_changes_nothing(world):
    before = world.tenant_a()

    answers = {each.name: world.call(each, token=world.mallory.token) for each in OWNED}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 404} == {}
    assert world.changes_since(before) == []


def test_what_is_foreign_looks_like_what_is_missing(world):
    for operation in WITH_IDS:
        missing = dict.fromkeys(world.ids, NOWHERE)
        foreign, absent = (world.call(operation, token=world.mallory.token, ids=ids) for ids in ({}, missing))
        assert _told(foreign.json) == _told(absent.json), operation.name


def test_a_role_for_another_client_is_none_for_this_one(world):
    before = world.tenant_a()

    answers = {each.name: world.call(each, token=world.editor_elsewhere.token).status for each in ON_CLIENTS}

    assert {name: status for name, status in answers.items() if status != 404} == {}
    assert world.changes_since(before) == []


def test_a_viewer_reads_and_does_nothing_else(world):
    before = world.tenant_a()

    answers = {each: world.call(each, token=world.viewer.token).status for each in ON_CLIENTS}

    assert {each.name: status for each, status in answers.items() if each.role != "viewer" and status != 403} == {}
    assert {each.name: status for each, status in answers.items() if each.is_read and status > 400} == {}
    assert world.changes_since(before) == []


def test_what_operators_do_is_closed_to_the_owners_of_tenants(world):
    answers = {each.name: world.call(each, token=world.alice.token).status for each in FOR_OPERATORS}

    assert {name: status for name, status in answers.items() if status != 403} == {}


def test_what_is_done_for_a_client_takes_keys_or_is_on_the_list():
    assert {each.name for each in ON_CLIENTS if each.scope is None} == names_in(PEOPLE_ONLY)


def test_a_key_with_the_scope_and_no_other_gets_through(moto, gateway, people):
    moto.configure(RATE_LIMITS="off")
    world = build(moto, gateway, people)

    answers = {
        each.name: world.call(each, headers=world.with_scope(each), ids=world.of_keys.get(each.name))
        for each in _in_order(FOR_KEYS)
    }

    assert {name: answer.body for name, answer in answers.items() if answer.status in (401, 403, 404)} == {}
    assert {name: answer.body for name, answer in answers.items() if answer.status >= 500} == {}


def test_a_key_without_the_scope_is_told_which_it_lacks(world):
    before = world.tenant_a()

    answers = {each: world.call(each, headers=world.without_scope(each)) for each in FOR_KEYS}

    assert {each.name: answer.status for each, answer in answers.items() if answer.status != 403} == {}
    assert [each.name for each, answer in answers.items() if str(each.scope) not in answer.body.decode()] == []
    assert world.changes_since(before) == []


@pytest.mark.parametrize("header", [{"X-API-Key": "{}"}, {"Authorization": "Bearer {}"}], ids=["own header", "bearer"])
def test_no_scope_opens_what_is_for_people(world, header):
    for_people = [each for each in CLOSED if each.scope is None]
    before = world.tenant_a()
    headers = {name: value.format(world.whole_key) for name, value in header.items()}

    answers = {each.name: world.call(each, headers=headers) for each in for_people}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 401} == {}
    assert world.changes_since(before) == []


def test_another_tenants_key_finds_nothing_and_changes_nothing(world):
    for_clients = [each for each in FOR_KEYS if each in OWNED]
    before = world.tenant_a()

    answers = {each.name: world.call(each, headers={"X-API-Key": world.foreign_key}) for each in for_clients}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 404} == {}
    assert world.changes_since(before) == []


def test_the_key_of_another_client_of_the_organization_finds_nothing(world):
    for_clients = [each for each in FOR_KEYS if each in OWNED]

    answers = {each.name: world.call(each, headers={"X-API-Key": world.key_elsewhere}) for each in for_clients}

    assert {name: answer.status for name, answer in answers.items() if answer.status != 404} == {}


def _in_order(operations):
    """Deleting comes last, and the client after all that is in it."""
    last = {"clients.delete", "clients.delete.dashboard"}
    key = lambda each: (each.method == "DELETE", each.name in last, -each.path.count("/"), each.name)  # noqa: E731
    return sorted(operations, key=key)


def _told(body: dict) -> str:
    """All but what differs between any two answers."""
    return json.dumps({**body, "instance": "", "error": {**body["error"], "requestId": ""}}, sort_keys=True)
