"""Gate S7: a cursor leads on in the list it came from, and nowhere else. Every list of the API is tried."""

from urllib.parse import quote

import pytest

from groundswell.http.paging import cursors
from groundswell.storage.cursor import Scope
from tests.backend import Backend
from tests.gateway import Answer, Gateway
from tests.integration.security.operations import Operation, operations
from tests.integration.security.world import World, build
from tests.people import People

LISTS = [
    operation
    for operation in operations()
    if ("query", "cursor") in operation.parameters and not operation.is_for_operators
]


@pytest.fixture
def world(moto: Backend, gateway: Gateway, people: People) -> World:
    moto.configure(RATE_LIMITS="off")
    return build(moto, gateway, people)


def _go_on(world: World, operation: Operation, cursor: str) -> Answer:
    return world.call(operation, token=world.alice.token, query=f"cursor={quote(cursor, safe='')}")


def test_every_list_refuses_a_cursor_that_is_changed_of_another_list_or_of_another_tenant(world: World):
    position = {"pk": "x", "sk": "x", "id": "x", "at": "x", "key": "x"}
    org, client, user = world.alice.user["org_id"], world.ids["client_id"], world.alice.id
    names = {operation.name for operation in LISTS}
    bad = ["x", "%00", "a" * 4097]
    for tenant in (org, client, user, world.mallory.user["org_id"], world.mallory.client_id):
        bad += [cursors().seal(position, Scope(tenant, "elsewhere.list", {}))]
    bad += [cursors().seal(position, Scope(world.mallory.user["org_id"], name, {})) for name in names]

    answers = {
        (operation.name, cursor): _go_on(world, operation, cursor).status for operation in LISTS for cursor in bad
    }

    assert {tried: status for tried, status in answers.items() if status != 400} == {}


def test_no_byte_of_a_real_cursor_can_be_changed_and_no_other_list_opens_it(world: World):
    for name in ("One", "Two"):
        assert world.alice.post("/clients", {"name": name}).status == 201
    cursor = world.alice.get("/clients?limit=1").json["meta"]["next_cursor"]
    flipped = [
        cursor[:at] + ("B" if character != "B" else "C") + cursor[at + 1 :] for at, character in enumerate(cursor)
    ]

    assert {world.alice.get(f"/clients?limit=1&cursor={forged}").status for forged in flipped} == {400}
    assert world.alice.get(f"/clients?limit=1&cursor={cursor}").status == 200
    assert world.mallory.get(f"/clients?limit=1&cursor={cursor}").status == 400
    others = [operation for operation in LISTS if operation.name not in ("clients.list", "clients.list.dashboard")]
    assert {other.name: _go_on(world, other, cursor).status for other in others} == dict.fromkeys(
        [other.name for other in others], 400
    )


def test_yesterdays_cursor_is_refused(world: World, advance):
    world.alice.post("/clients", {"name": "One"})
    cursor = world.alice.get("/clients?limit=1").json["meta"]["next_cursor"]

    advance(hours=25)

    again = People(world.gateway).sign_in(world.alice.email)
    assert again.get(f"/clients?limit=1&cursor={cursor}").status == 400
