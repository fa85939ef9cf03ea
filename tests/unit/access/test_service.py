from datetime import timedelta

import pytest

from groundswell.access.keys import spell
from groundswell.access.model import (
    Caller,
    ClientNotFound,
    InvalidKey,
    InvalidToken,
    KeyGrant,
    MissingScope,
    OrganizationNotFound,
    Role,
)
from groundswell.access.service import AccessClaims, AccessService
from groundswell.kernel.errors import Forbidden
from groundswell.kernel.ids import hash_secret
from tests.clock import Clock
from tests.fakes.access import FakeAccessStore

SECRET = "s" * 43
PUBLIC_ID = "0192f0c17c1a7d3e8f002b6f1e9a4c13"
KEY = spell(PUBLIC_ID, SECRET)
GRANT = KeyGrant(PUBLIC_ID, "client", "org", hash_secret(SECRET), frozenset({"events:write"}), True, None)


class FakeTokens:
    def read_access(self, token: str) -> AccessClaims:
        if token != "good":
            raise InvalidToken
        return AccessClaims("u", "s")


@pytest.fixture
def store() -> FakeAccessStore:
    store = FakeAccessStore()
    store.callers["u", "s"] = Caller("u", "org", Role.MEMBER, "s", "a@b.example", {"client": Role.EDITOR})
    store.owners |= {"client": "org", "other": "org", "foreign": "another org"}
    store.grants[PUBLIC_ID] = GRANT
    return store


def service(store: FakeAccessStore, clock: Clock, seconds: int = 0) -> AccessService:
    return AccessService(store, FakeTokens(), clock, timedelta(seconds=seconds))


def test_a_token_leads_to_its_caller(store, clock) -> None:
    assert service(store, clock).identify("good").user_id == "u"


def test_a_token_that_is_not_genuine_or_whose_session_ended_is_refused(store, clock) -> None:
    access = service(store, clock)
    with pytest.raises(InvalidToken):
        access.identify("bad")

    store.callers.clear()
    with pytest.raises(InvalidToken):
        access.identify("good")


def test_foreign_missing_and_invisible_clients_are_refused_alike(store, clock) -> None:
    access = service(store, clock)
    caller = access.identify("good")

    refusals = []
    for named in ("foreign", "missing", "other"):
        with pytest.raises(ClientNotFound) as refused:
            access.act(caller, named)
        refusals.append((refused.value.code, refused.value.text, refused.value.details))

    assert len(set(map(str, refusals))) == 1


def test_who_acts_carries_the_role_held_there(store, clock) -> None:
    access = service(store, clock)

    acting = access.act(access.identify("good"), None)

    assert (acting.client_id, acting.org_id, acting.actor_id, acting.role) == ("client", "org", "u", Role.EDITOR)


def test_what_cannot_be_an_id_is_not_looked_up(store, clock) -> None:
    access = service(store, clock)
    caller = access.identify("good")
    lookups = store.asked

    for named in ("x" * 65, "x" * 5000, "a\x00b", "\ud800", "a/b", "ä"):
        with pytest.raises(ClientNotFound):
            access.act(caller, named)

    assert store.asked == lookups


def test_a_key_opens_its_client(store, clock) -> None:
    access = service(store, clock)

    acting = access.act(access.open_for(KEY, "events:write").holder, None)

    assert (acting.client_id, acting.org_id, acting.actor_id) == ("client", "org", f"key:{PUBLIC_ID}")


def test_an_operator_governs_any_organization_that_is_there(store, clock) -> None:
    access = service(store, clock)
    store.owners["theirs"] = "elsewhere"
    operator = Caller("o", "platform", Role.SUPER_ADMIN, "s", "o@b.example")

    assert access.govern(operator, "elsewhere").org_id == "elsewhere"
    assert access.govern(operator, None).org_id == "platform"
    for named in ("nowhere", "a/b", "x" * 5000):
        with pytest.raises(OrganizationNotFound):
            access.govern(operator, named)


def test_a_key_is_nobody_in_its_organization(store, clock) -> None:
    holder = service(store, clock).open_for(KEY, "events:write").holder

    assert not holder.administers_org
    with pytest.raises(Forbidden):
        holder.govern(None)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "gp_live_",
        "gp_test_" + KEY[8:],
        KEY[:-1] + "t",
        KEY + "s",
        KEY.upper(),
        spell("f" * 32, SECRET),
        f" {KEY}",
        KEY + "\n",
        "gp_live_" + "a" * 5000,
        "schlüssel",
    ],
)
def test_any_other_key_is_refused(store, clock, key: str) -> None:
    with pytest.raises(InvalidKey):
        service(store, clock).open_key(key)


def test_a_revoked_or_expired_key_is_refused(store, clock) -> None:
    access = service(store, clock)
    store.grants[PUBLIC_ID] = KeyGrant(**(vars(GRANT) | {"is_active": False}))
    with pytest.raises(InvalidKey):
        access.open_key(KEY)

    store.grants[PUBLIC_ID] = KeyGrant(**(vars(GRANT) | {"valid_until": int(clock().timestamp())}))
    with pytest.raises(InvalidKey):
        access.open_key(KEY)


def test_a_key_expires_on_time_even_where_it_is_remembered(store, clock) -> None:
    store.grants[PUBLIC_ID] = KeyGrant(**(vars(GRANT) | {"valid_until": int(clock().timestamp()) + 5}))
    access = service(store, clock, seconds=60)
    access.open_key(KEY)

    clock.advance(seconds=5)

    with pytest.raises(InvalidKey):
        access.open_key(KEY)


def test_a_key_without_the_scope_is_told_so(store, clock) -> None:
    with pytest.raises(MissingScope, match="leads:write"):
        service(store, clock).open_for(KEY, "leads:write")


def test_a_key_cannot_name_another_client(store, clock) -> None:
    access = service(store, clock)

    holder = access.open_for(KEY, "events:write").holder

    assert access.act(holder, "client").client_id == "client"
    for named in ("foreign", "other", "missing"):
        with pytest.raises(ClientNotFound):
            access.act(holder, named)


def test_warm_requests_ask_nobody(store, clock) -> None:
    access = service(store, clock, seconds=60)
    access.act(access.identify("good"), "client"), access.open_key(KEY)
    lookups = store.asked

    access.act(access.identify("good"), "client"), access.open_key(KEY)

    assert store.asked == lookups


def test_a_revocation_is_felt_when_the_cache_expires(store, clock) -> None:
    access = service(store, clock, seconds=60)
    access.identify("good")
    store.callers.clear()

    clock.advance(seconds=59)
    access.identify("good")

    clock.advance(seconds=1)
    with pytest.raises(InvalidToken):
        access.identify("good")


def test_without_a_cache_a_revocation_is_felt_at_once(store, clock) -> None:
    access = service(store, clock)
    access.identify("good")
    store.callers.clear()

    with pytest.raises(InvalidToken):
        access.identify("good")


def test_what_was_not_found_is_asked_again(store, clock) -> None:
    access = service(store, clock, seconds=60)
    caller = store.callers.pop(("u", "s"))
    with pytest.raises(InvalidToken):
        access.identify("good")

    store.callers["u", "s"] = caller

    assert access.identify("good") is caller


def test_the_cache_does_not_grow_for_ever(store, clock) -> None:
    access = service(store, clock, seconds=60)
    caller = access.identify("good")
    everywhere = Caller("u", "org", Role.ADMIN, "s", caller.email)
    store.owners |= {f"c{number}": "org" for number in range(2500)}

    for number in range(2500):
        access.act(everywhere, f"c{number}")

    assert len(access._clients._found) <= 1000


def test_who_acts_knows_the_clients_time_zone_without_another_look(store, clock) -> None:
    access = service(store, clock)
    store.timezones["client"] = "Pacific/Auckland"
    caller = access.identify("good")
    lookups = store.asked

    assert access.act(caller, None).timezone == "Pacific/Auckland"
    assert store.asked == lookups + 1
