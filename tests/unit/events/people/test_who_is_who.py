"""Who is who, in plain cases, and against a brute-force reading of all events in whatever order they came."""

import random

import msgspec
import pytest

from groundswell.analytics.questions.rows import RowReader
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.identifiers import Identifier, IdKind
from groundswell.events.eventlog.identity_graph import People
from groundswell.events.eventlog.model import DAY, HOUR, Event
from groundswell.events.eventlog.window import Window
from groundswell.events.people.known import Known
from groundswell.events.people.service import PeopleService
from groundswell.events.people.sightings import identifiers, links, sightings
from groundswell.events.people.whose import blocks_at, identifiers_at
from groundswell.events.rollups.folder import Folder
from tests.unit.events.rollups.history import LOG, START, World

WHOLE = Window(START - 100 * DAY, START + 100 * DAY)
W = "0xabababababababababababababababababababab"


def event(number, ts=0, user=None, visitor=None, wallet=None, previous=None):
    return Event(
        id=str(number),
        kind="alias" if previous else "track",
        name="n",
        ts=START + ts,
        user_id=user,
        anonymous_id=visitor,
        web3=msgspec.json.encode({"chain": "eip155:1", "address": wallet}) if wallet else b"",
        extra=msgspec.json.encode({"previous_id": previous}) if previous else b"",
    )


def known(*events):
    people = People()
    people.add(links(sightings(Block(encode([event(at, **each) for at, each in enumerate(events)], START)))))
    return people


def test_what_a_visitor_did_before_signing_in_is_the_users():
    people = known({"visitor": "a"}, {"ts": 5, "visitor": "a", "user": "u"})

    assert people.person(None, "a") == "u"


def test_two_users_of_one_device_stay_two_and_its_anonymous_events_are_the_firsts():
    people = known({"ts": 9, "visitor": "a", "user": "second"}, {"ts": 5, "visitor": "a", "user": "first"})

    assert people.person(None, "a") == "first"
    assert people.person("second", "a") == "second"


def test_a_chain_of_aliases_is_one_person_by_the_last_name():
    people = known(
        {"user": "b", "previous": "a"}, {"ts": 1, "user": "c", "previous": "b"}, {"visitor": "v", "user": "a"}
    )

    assert {people.of_user("a"), people.of_user("b"), people.of_user("c"), people.of_visitor("v")} == {"c"}
    assert people.of_visitor("a") == "c"


def test_aliases_in_a_circle_are_one_person_all_the_same():
    people = known({"user": "b", "previous": "a"}, {"user": "a", "previous": "b"})

    assert people.of_user("a") == people.of_user("b") == "a"


def test_a_wallet_joins_the_visitors_that_used_it_with_its_user():
    people = known(
        {"visitor": "phone", "wallet": W}, {"ts": 9, "user": "u", "wallet": W}, {"ts": 3, "visitor": "other"}
    )

    assert (people.of_visitor("phone"), people.of_wallet(W), people.of_visitor("other")) == ("u", "u", "other")


def test_visitors_with_one_wallet_and_no_user_are_one_person():
    people = known({"visitor": "later", "wallet": W, "ts": 5}, {"visitor": "first", "wallet": W})

    assert people.of_visitor("later") == people.of_visitor("first") == people.of_wallet(W) == "first"


def test_a_wallet_that_nobody_is_known_for_is_its_own_person():
    assert known({"wallet": W}).person(None, None, W) == W


class Crowd(World):
    """Few people with many ids."""

    def event(self, number):
        chosen = random.Random(number * 7 + 1)

        def some(prefix, most, chance):
            return f"{prefix}{chosen.randrange(most)}" if chosen.random() < chance else None

        user = some("u", 12, 0.4)
        previous = some(chosen.choice(["u", "v"]), 12, 0.04) if user else None
        return msgspec.structs.replace(
            event(0, chosen.randrange(3 * HOUR), user, some("v", 25, 0.7), some("0xw", 9, 0.3), previous),
            id=f"event {number}",
        )


class Oracle:
    """Reads everything for every question."""

    def __init__(self, events):
        self.seen = [(each.ts, each.user_id, each.anonymous_id, address(each), previous(each)) for each in events]

    def person(self, user, visitor, wallet):
        return (
            self.user(user) if user else self.visitor(visitor) if visitor else self.wallet(wallet) if wallet else None
        )

    def user(self, name):
        pairs = {(p, u) for _, u, _, _, p in self.seen if p and u}
        group = {name}
        while more := {x for pair in pairs for x in pair if group & set(pair)} - group:
            group |= more
        heads = {x for x in group if not any(p == x and u != x for p, u in pairs)}
        return min(heads or group) if len(group) > 1 else name

    def visitor(self, visitor):
        users = [(ts, u) for ts, u, v, _, p in self.seen if u and visitor in (v, p)]
        if users:
            return self.user(min(users)[1])
        common = [(ts, w) for ts, u, v, w, _ in self.seen if v == visitor and w and not u]
        if not common:
            return visitor
        first = min(common)[1]
        return visitor if self.first_visitor(first) == visitor and not self.owners(first) else self.wallet(first)

    def wallet(self, wallet):
        if self.owners(wallet):
            return self.user(min(self.owners(wallet))[1])
        first = self.first_visitor(wallet)
        return self.visitor(first) if first else wallet

    def owners(self, wallet):
        return [(ts, u) for ts, u, _, w, _ in self.seen if w == wallet and u]

    def first_visitor(self, wallet):
        return min([(ts, v) for ts, u, v, w, _ in self.seen if w == wallet and v and not u], default=(0, None))[1]


def address(each):
    return msgspec.json.decode(each.web3)["address"] if each.web3 else None


def previous(each):
    return msgspec.json.decode(each.extra)["previous_id"] if each.extra else None


@pytest.mark.parametrize("seed", range(16))
def test_every_row_is_whose_a_brute_force_reading_says(seed):
    world, memory = Crowd(seed), None
    memory = Known(world.store)
    for _ in range(3):
        world.live(rounds=15, crash=0.03 if seed % 2 else 0)
        counted = world.expected()
        oracle = Oracle(counted)
        reader = RowReader(world.store, "client", known=memory)
        rows = list(reader.between(WHOLE))
        assert len(rows) == len(counted)
        for row in rows:
            each = row.block.events[row.position]
            assert row.person == oracle.person(each.user_id, each.anonymous_id, address(each))
        assert [row.person for row in RowReader(world.store, "client").between(WHOLE)] == [row.person for row in rows]
    check_index(world, reader, rows)


def check_index(world, reader, rows):
    """Whoever is looked up by any of their ids is found with all of them, and in all the blocks with their events."""
    for person in {row.person for row in rows if row.person}:
        ids = identifiers_at(reader.people, person)
        mine = [row for row in rows if row.person == person]
        named = {one for row in mine for one in identifiers(sightings(row.block)[row.position])}
        assert {one for one in named if one.kind is not IdKind.ANONYMOUS} <= ids | others(world, mine)
        blocks = blocks_at(world.store, reader.views, ids)
        found = {sk for sks in blocks.values() for sk in sks}
        data = {sk: Block(block) for sk, block in world.store.blocks(LOG, found).items()}
        assert {row.block.events[row.position].id for row in mine} <= {
            x.id for block in data.values() for x in block.events
        }
    assert Identifier(IdKind.USER, "nobody") not in ids


def others(world, mine):
    """Wallets that somebody else was first seen with, and ids that an alias names for both of their kinds."""
    ids = {one for row in mine for one in identifiers(sightings(row.block)[row.position])}
    return {one for one in ids if one.kind is IdKind.WALLET or one.value.startswith("v")}


def test_whoever_is_forgotten_is_linked_to_nothing_for_readers_that_knew_too():
    world = Crowd(3)
    world.live(rounds=30, crash=0)
    service = PeopleService(world.store)
    person = next(p for p in ("u1", "u2", "u3") if len(service.identifiers_of("client", p)) > 3)
    ids = service.identifiers_of("client", person)
    Folder(world.store).fold(LOG)

    assert service.forget("client", ids) > 0
    assert service.forget("client", ids) == 0

    for people in (service.state("client").people, PeopleService(world.store).state("client").people):
        named = {(each.one, each.other) for each in people.links()}
        assert not {one.value for one in ids if one.kind is IdKind.USER} & {name for pair in named for name in pair}
