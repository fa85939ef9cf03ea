import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from groundswell.access.model import Acting, Caller, ClientNotFound, Role
from groundswell.clients.keys import parse
from groundswell.clients.model import KEYS_AT_MOST, ClientStatus, KeyClosed, KeyNotFound, KeyStatus, Scope, TooManyKeys
from groundswell.clients.service import DEFAULT_SCOPES, ClientService
from groundswell.kernel.errors import Forbidden, Invalid, PreconditionFailed
from groundswell.kernel.ids import hash_secret
from tests.clock import Clock
from tests.fakes.clients import FakeClientStore, FakeSeats

VALUES = {"name": "Engines", "website": None, "industry": None, "timezone": "UTC"}
OWNER = Caller("owner", "org", Role.OWNER, "s", "a@b.example")
DAY = timedelta(days=1)


@pytest.fixture
def store() -> FakeClientStore:
    return FakeClientStore()


@pytest.fixture
def clients(store: FakeClientStore, clock: Clock) -> ClientService:
    numbers = itertools.count(1)
    return ClientService(
        store, FakeSeats(), clock, lambda: f"{next(numbers):036d}", lambda size: f"{next(numbers):043d}"
    )


def acting(clients: ClientService) -> Acting:
    client = clients.create(OWNER, VALUES)
    return Acting(client.id, client.org_id, "owner", Role.OWNER)


def names(clients: ClientService, caller: Caller, limit: int = 50) -> list[list[str]]:
    """Page by page."""
    pages, position = [], None
    while True:
        page = clients.list(caller, limit, position)
        pages.append([each.name for each in page.items])
        position = page.next
        if position is None:
            return pages


def test_whoever_creates_a_client_owns_it(clients, store) -> None:
    client = clients.create(OWNER, VALUES)

    assert (client.org_id, client.created_by, client.version) == ("org", "owner", 1)
    assert [(each.user_id, each.client_id, each.role) for each in store.memberships] == [
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


def test_deleting_a_client_stops_its_keys_and_leaves_revoked_ones_revoked(clients, store) -> None:
    who = acting(clients)
    kept = clients.create_key(who, "kept", DEFAULT_SCOPES, None).key
    gone = clients.create_key(who, "gone", DEFAULT_SCOPES, None).key
    clients.revoke_key(who, gone.public_id)

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


def test_a_keys_text_exists_once_and_only_its_hash_is_kept(clients, store) -> None:
    new = clients.create_key(acting(clients), "shop", frozenset({Scope.LEADS_WRITE}), None)

    secret = parse(new.text).secret
    assert secret not in repr(store.api_keys)
    assert new.key.secret_hash == hash_secret(secret)
    assert new.key.hint == f"gp_live_{new.key.public_id}…{new.text[-4:]}"
    assert new.key.scopes == {Scope.LEADS_WRITE}


def test_a_client_may_come_with_its_first_key(clients, store) -> None:
    client, new = clients.create_with_key(OWNER, VALUES)

    assert store.keys(client.id)[0].public_id == new.key.public_id
    assert new.key.scopes == DEFAULT_SCOPES


def test_a_key_cannot_expire_in_the_past(clients, clock) -> None:
    who = acting(clients)

    with pytest.raises(Invalid):
        clients.create_key(who, "late", DEFAULT_SCOPES, clock())

    assert clients.create_key(who, "soon", DEFAULT_SCOPES, clock() + DAY).key.valid_until == int(
        (clock() + DAY).timestamp()
    )


def test_rotation_lets_the_old_key_go_on_for_a_while(clients, store, clock) -> None:
    who = acting(clients)
    old = clients.create_key(who, "shop", frozenset(Scope), None).key

    new = clients.rotate_key(who, old.public_id, DAY).key

    assert (new.name, new.scopes) == ("shop", frozenset(Scope))
    outgoing = store.api_keys[old.public_id]
    assert outgoing.rotated_to == new.public_id
    assert outgoing.usable(clock())
    clock.advance(days=1)
    assert not outgoing.usable(clock())
    assert store.api_keys[new.public_id].usable(clock())


def test_rotation_never_makes_the_old_key_live_longer(clients, store, clock) -> None:
    who = acting(clients)
    ends = clock() + timedelta(hours=1)
    old = clients.create_key(who, "short", DEFAULT_SCOPES, ends).key

    clients.rotate_key(who, old.public_id, DAY)

    assert store.api_keys[old.public_id].valid_until == int(ends.timestamp())


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=7, seconds=1)])
def test_an_overlap_outside_the_bounds_is_refused(clients, overlap) -> None:
    who = acting(clients)
    old = clients.create_key(who, "shop", DEFAULT_SCOPES, None).key

    with pytest.raises(Invalid):
        clients.rotate_key(who, old.public_id, overlap)


def test_a_key_is_rotated_once_and_not_after_its_end(clients) -> None:
    who = acting(clients)
    rotated = clients.create_key(who, "rotated", DEFAULT_SCOPES, None).key
    revoked = clients.create_key(who, "revoked", DEFAULT_SCOPES, None).key
    clients.rotate_key(who, rotated.public_id, DAY)
    clients.revoke_key(who, revoked.public_id)

    for key in (rotated, revoked):
        with pytest.raises(KeyClosed):
            clients.rotate_key(who, key.public_id, DAY)


def test_revoking_twice_changes_nothing(clients, store) -> None:
    who = acting(clients)
    key = clients.create_key(who, "shop", DEFAULT_SCOPES, None).key

    clients.revoke_key(who, key.public_id)
    clients.revoke_key(who, key.public_id)

    assert store.api_keys[key.public_id].status is KeyStatus.REVOKED
    assert store.api_keys[key.public_id].version == 2


def test_another_clients_key_is_not_found(clients) -> None:
    mine, theirs = acting(clients), acting(clients)
    key = clients.create_key(theirs, "shop", DEFAULT_SCOPES, None).key

    for attempt in (
        lambda: clients.revoke_key(mine, key.public_id),
        lambda: clients.rotate_key(mine, key.public_id, DAY),
    ):
        with pytest.raises(KeyNotFound):
            attempt()


def test_what_cannot_be_a_keys_id_is_not_found(clients) -> None:
    who = acting(clients)

    for name in ("x" * 5000, "\ud800", "a#b"):
        with pytest.raises(KeyNotFound):
            clients.revoke_key(who, name)


def test_a_client_has_a_bounded_number_of_usable_keys(clients) -> None:
    who = acting(clients)
    keys = [clients.create_key(who, f"k{number}", DEFAULT_SCOPES, None).key for number in range(KEYS_AT_MOST)]

    with pytest.raises(TooManyKeys):
        clients.create_key(who, "one more", DEFAULT_SCOPES, None)

    clients.revoke_key(who, keys[0].public_id)
    clients.create_key(who, "room again", DEFAULT_SCOPES, None)


def test_rotation_works_at_the_cap_but_is_no_way_around_it(clients, clock) -> None:
    who = acting(clients)
    for number in range(KEYS_AT_MOST):
        newest = clients.create_key(who, f"k{number}", DEFAULT_SCOPES, None).key
    newest = clients.rotate_key(who, newest.public_id, DAY).key

    def rotate_often() -> None:
        key = newest
        for _ in range(KEYS_AT_MOST):
            key = clients.rotate_key(who, key.public_id, DAY).key

    with pytest.raises(TooManyKeys):
        rotate_often()
    assert sum(each.usable(clock()) for each in clients._store.keys(who.client_id)) < 2 * KEYS_AT_MOST


def test_keys_are_listed_page_by_page(clients) -> None:
    who = acting(clients)
    made = [clients.create_key(who, f"k{number}", DEFAULT_SCOPES, None).key.name for number in range(5)]

    first = clients.keys(who, 2, None)
    second = clients.keys(who, 2, first.next)
    last = clients.keys(who, 2, second.next)

    assert [each.name for page in (first, second, last) for each in page.items] == made
    assert last.next is None
