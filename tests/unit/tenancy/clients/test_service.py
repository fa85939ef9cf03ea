import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from groundswell.access.model import Caller, ClientContext, ClientNotFound, Role
from groundswell.kernel.errors import Forbidden, PreconditionFailed
from groundswell.tenancy.clients.apikeys import DEFAULT_SCOPES, KeyService
from groundswell.tenancy.clients.model import ClientStatus, KeyStatus
from groundswell.tenancy.clients.service import ClientService
from tests.clock import Clock
from tests.fakes.clients import FakeClientStore, FakeSeats

VALUES = {"name": "Engines", "website": None, "industry": None, "timezone": "UTC"}
OWNER = Caller("owner", "org", Role.OWNER, "s", "a@b.example")
DAY = timedelta(days=1)


@pytest.fixture
def clients(store: FakeClientStore, keys: KeyService, clock: Clock) -> ClientService:
    numbers = itertools.count(1)
    return ClientService(store, FakeSeats(), keys, clock, lambda: f"{next(numbers):036d}")


def acting(clients: ClientService) -> ClientContext:
    client = clients.create(OWNER, VALUES)
    return ClientContext(client.id, client.org_id, "owner", Role.OWNER)


def names(clients: ClientService, caller: Caller, limit: int = 50) -> list[list[str]]:
    """Page by page."""
    pages, position = [], None
    while True:
        page = clients.list(caller, limit, position)
        pages.append([client.name for client in page.items])
        position = page.next
        if position is None:
            return pages


def test_whoever_creates_a_client_owns_it(clients, store) -> None:
    client = clients.create(OWNER, VALUES)

    assert (client.org_id, client.created_by, client.version) == ("org", "owner", 1)
    assert [(membership.user_id, membership.client_id, membership.role) for membership in store.memberships] == [
        ("owner", client.id, Role.OWNER)
    ]


def test_only_an_admin_of_the_organization_creates_clients(clients, store) -> None:
    for create in (clients.create, clients.create_with_key):
        with pytest.raises(Forbidden):
            create(replace(OWNER, org_role=Role.EDITOR), VALUES)

    assert store.clients == {}


def test_an_admin_sees_the_organizations_clients_page_by_page(clients) -> None:
    for number in range(5):
        clients.create(OWNER, VALUES | {"name": f"c{number}"})
    clients.create(replace(OWNER, org_id="another org"), VALUES)

    assert names(clients, OWNER, limit=2) == [["c0", "c1"], ["c2", "c3"], ["c4"]]
    assert names(clients, OWNER, limit=5) == [["c0", "c1", "c2", "c3", "c4"]]


def test_a_member_sees_only_own_clients(clients) -> None:
    made = [clients.create(OWNER, VALUES | {"name": f"c{number}"}) for number in range(4)]
    member = Caller("m", "org", Role.MEMBER, "s", "m@b.example", {made[i].id: Role.VIEWER for i in (0, 2, 3)})

    assert names(clients, member, limit=2) == [["c0", "c2"], ["c3"]]
    assert names(clients, replace(member, roles={})) == [[]]


def test_a_deleted_client_is_nowhere(clients) -> None:
    who = acting(clients)

    clients.delete(who)

    assert names(clients, OWNER) == [[]]
    assert names(clients, replace(OWNER, org_role=Role.MEMBER, roles={who.client_id: Role.OWNER})) == [[]]
    for again in (clients.get, clients.delete):
        with pytest.raises(ClientNotFound):
            again(who)


def test_deleting_a_client_stops_its_keys_and_leaves_revoked_ones_revoked(clients, keys, store) -> None:
    who = acting(clients)
    kept = keys.create(who, "kept", DEFAULT_SCOPES, None).key
    gone = keys.create(who, "gone", DEFAULT_SCOPES, None).key
    keys.revoke(who, gone.public_id)

    clients.delete(who)

    assert store.api_keys[kept.public_id].status is KeyStatus.SUSPENDED
    assert store.api_keys[gone.public_id].status is KeyStatus.REVOKED
    assert store.clients[who.client_id].status is ClientStatus.DELETED


def test_a_change_touches_what_it_names(clients, clock) -> None:
    who = acting(clients)
    clock.advance(hours=1)

    changed = clients.update(who, {"name": "New"}, None)

    assert (changed.name, changed.timezone, changed.version) == ("New", "UTC", 2)
    assert changed.updated_at == clock()


def test_a_change_to_what_is_already_so_writes_nothing(clients) -> None:
    who = acting(clients)

    assert clients.update(who, {"name": "Engines"}, None).version == 1


def test_a_stale_change_is_refused(clients) -> None:
    who = acting(clients)
    clients.update(who, {"name": "Theirs"}, 1)

    with pytest.raises(PreconditionFailed):
        clients.update(who, {"name": "Mine"}, 1)

    assert clients.get(who).name == "Theirs"


def test_a_client_may_come_with_its_first_key(clients, store) -> None:
    client, new = clients.create_with_key(OWNER, VALUES)

    assert store.keys(client.id)[0].public_id == new.key.public_id
    assert new.key.scopes == DEFAULT_SCOPES
