from datetime import timedelta

import pytest

from groundswell.access.keys import parse
from groundswell.access.model import ClientContext, Role
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.ids import hash_secret
from groundswell.tenancy.clients.apikeys import DEFAULT_SCOPES
from groundswell.tenancy.clients.model import KEYS_AT_MOST, KeyClosed, KeyNotFound, KeyStatus, Scope, TooManyKeys

DAY = timedelta(days=1)


def acting(client_id: str) -> ClientContext:
    return ClientContext(client_id, "org", "owner", Role.OWNER)


def test_a_keys_text_exists_once_and_only_its_hash_is_kept(keys, store) -> None:
    new = keys.create(acting("client"), "shop", frozenset({Scope.LEADS_WRITE}), None)

    secret = parse(new.text).secret
    assert secret not in repr(store.api_keys)
    assert new.key.secret_hash == hash_secret(secret)
    assert new.key.hint == f"gp_live_{new.key.public_id}…{new.text[-4:]}"
    assert new.key.scopes == {Scope.LEADS_WRITE}


def test_a_key_cannot_expire_in_the_past(keys, clock) -> None:
    who = acting("client")

    with pytest.raises(Invalid):
        keys.create(who, "late", DEFAULT_SCOPES, clock())

    assert keys.create(who, "soon", DEFAULT_SCOPES, clock() + DAY).key.valid_until == int((clock() + DAY).timestamp())


def test_rotation_lets_the_old_key_go_on_for_a_while(keys, store, clock) -> None:
    who = acting("client")
    old = keys.create(who, "shop", frozenset(Scope), None).key

    new = keys.rotate(who, old.public_id, DAY).key

    assert (new.name, new.scopes) == ("shop", frozenset(Scope))
    outgoing = store.api_keys[old.public_id]
    assert outgoing.rotated_to == new.public_id
    assert outgoing.usable(clock())
    clock.advance(days=1)
    assert not outgoing.usable(clock())
    assert store.api_keys[new.public_id].usable(clock())


def test_rotation_never_makes_the_old_key_live_longer(keys, store, clock) -> None:
    who = acting("client")
    ends = clock() + timedelta(hours=1)
    old = keys.create(who, "short", DEFAULT_SCOPES, ends).key

    keys.rotate(who, old.public_id, DAY)

    assert store.api_keys[old.public_id].valid_until == int(ends.timestamp())


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=7, seconds=1)])
def test_an_overlap_outside_the_bounds_is_refused(keys, overlap) -> None:
    who = acting("client")
    old = keys.create(who, "shop", DEFAULT_SCOPES, None).key

    with pytest.raises(Invalid):
        keys.rotate(who, old.public_id, overlap)


def test_a_key_is_rotated_once_and_not_after_its_end(keys) -> None:
    who = acting("client")
    rotated = keys.create(who, "rotated", DEFAULT_SCOPES, None).key
    revoked = keys.create(who, "revoked", DEFAULT_SCOPES, None).key
    keys.rotate(who, rotated.public_id, DAY)
    keys.revoke(who, revoked.public_id)

    for key in (rotated, revoked):
        with pytest.raises(KeyClosed):
            keys.rotate(who, key.public_id, DAY)


def test_revoking_twice_changes_nothing(keys, store) -> None:
    who = acting("client")
    key = keys.create(who, "shop", DEFAULT_SCOPES, None).key

    keys.revoke(who, key.public_id)
    keys.revoke(who, key.public_id)

    assert store.api_keys[key.public_id].status is KeyStatus.REVOKED
    assert store.api_keys[key.public_id].version == 2


def test_another_clients_key_is_not_found(keys) -> None:
    mine, theirs = acting("mine"), acting("theirs")
    key = keys.create(theirs, "shop", DEFAULT_SCOPES, None).key

    for attempt in (
        lambda: keys.revoke(mine, key.public_id),
        lambda: keys.rotate(mine, key.public_id, DAY),
    ):
        with pytest.raises(KeyNotFound):
            attempt()


def test_what_cannot_be_a_keys_id_is_not_found(keys) -> None:
    who = acting("client")

    for name in ("x" * 5000, "\ud800", "a#b"):
        with pytest.raises(KeyNotFound):
            keys.revoke(who, name)


def test_a_client_has_a_bounded_number_of_usable_keys(keys) -> None:
    who = acting("client")
    made = [keys.create(who, f"k{number}", DEFAULT_SCOPES, None).key for number in range(KEYS_AT_MOST)]

    with pytest.raises(TooManyKeys):
        keys.create(who, "one more", DEFAULT_SCOPES, None)

    keys.revoke(who, made[0].public_id)
    keys.create(who, "room again", DEFAULT_SCOPES, None)


def test_rotation_works_at_the_cap_but_is_no_way_around_it(keys, clock) -> None:
    who = acting("client")
    for number in range(KEYS_AT_MOST):
        newest = keys.create(who, f"k{number}", DEFAULT_SCOPES, None).key
    newest = keys.rotate(who, newest.public_id, DAY).key

    def rotate_often() -> None:
        key = newest
        for _ in range(KEYS_AT_MOST):
            key = keys.rotate(who, key.public_id, DAY).key

    with pytest.raises(TooManyKeys):
        rotate_often()
    assert sum(key.usable(clock()) for key in keys._store.keys(who.client_id)) < 2 * KEYS_AT_MOST


def test_keys_are_listed_page_by_page(keys) -> None:
    who = acting("client")
    made = [keys.create(who, f"k{number}", DEFAULT_SCOPES, None).key.name for number in range(5)]

    first = keys.page(who, 2, None)
    second = keys.page(who, 2, first.next)
    last = keys.page(who, 2, second.next)

    assert [key.name for page in (first, second, last) for key in page.items] == made
    assert last.next is None


@pytest.mark.parametrize(
    ("theirs", "expected", "refusal"),
    [("rename", 1, PreconditionFailed), ("revoke", 1, PreconditionFailed), ("revoke", None, KeyClosed)],
)
def test_whoever_loses_a_race_for_a_key_hears_what_the_other_did(keys, store, theirs, expected, refusal) -> None:
    who = acting("client")
    key = keys.create(who, "shop", DEFAULT_SCOPES, None).key
    _let_others_first(keys, store, who, key.public_id, theirs)

    with pytest.raises(refusal):
        keys.update(who, key.public_id, {"name": "mine"}, expected)


def test_a_change_without_a_condition_is_made_to_the_key_as_the_other_left_it(keys, store) -> None:
    who = acting("client")
    key = keys.create(who, "shop", DEFAULT_SCOPES, None).key
    _let_others_first(keys, store, who, key.public_id, "limit")

    changed = keys.update(who, key.public_id, {"name": "mine"}, None)

    assert (changed.name, changed.calls_per_minute) == ("mine", 7)


def _let_others_first(keys, store, who, public_id, what) -> None:
    """Just before the next write."""
    save = store.save_keys

    def late(*changed, entry):
        store.save_keys = save
        if what == "revoke":
            keys.revoke(who, public_id)
        else:
            keys.update(who, public_id, {"name": "theirs"} if what == "rename" else {"calls_per_minute": 7}, None)
        return save(*changed, entry=entry)

    store.save_keys = late
