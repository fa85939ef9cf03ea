"""Who is who, in plain cases, and against a brute-force reading of all events in whatever order they came."""

import random
from itertools import permutations

import msgspec
import pytest

from groundswell.analytics.questions.rows import RowReader
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.model import DAY, HOUR, Event
from groundswell.events.eventlog.window import Window
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.resolution import blocks_at, identifiers_at, resolve_contact
from groundswell.events.people.service import PeopleService
from groundswell.events.people.sightings import identifiers, links, sightings
from groundswell.events.rollups.folder import Folder
from groundswell.personal_data.identifiers import Identifier, IdKind
from tests.unit.events.rollups.history import LOG, START, World

WHOLE = Window(START - 100 * DAY, START + 100 * DAY)
W = "0xabababababababababababababababababababab"


def event(number, ts=0, user=None, visitor=None, wallet=None, previous=None, kind="track", name="n", email=None):
    return Event(
        id=str(number),
        kind="alias" if previous and kind == "track" else kind,
        name=name,
        ts=START + ts,
        user_id=user,
        anonymous_id=visitor,
        web3=msgspec.json.encode({"chain": "eip155:1", "address": wallet}) if wallet else b"",
        extra=msgspec.json.encode({"previous_id": previous}) if previous else b"",
        traits=msgspec.json.encode({"email": email}) if email else b"",
    )


def known(*events):
    people = IdentityGraph()
    people.add(links(sightings(Block(encode([event(at, **fields) for at, fields in enumerate(events)], START)))))
    return people


def test_what_a_visitor_did_before_signing_in_is_the_users():
    people = known({"visitor": "a"}, {"ts": 5, "visitor": "a", "user": "u"})

    assert people.person(None, "a") == "u"


def test_two_users_of_one_device_stay_two_and_its_anonymous_events_are_the_firsts():
    people = known({"ts": 9, "visitor": "a", "user": "second"}, {"ts": 5, "visitor": "a", "user": "first"})

    assert people.person(None, "a") == "first"
    assert people.person("second", "a") == "second"


def test_an_address_leads_to_whom_it_was_first_given_by_and_makes_nobody_one():
    people = known(
        {"kind": "identify", "visitor": "v", "email": "Ada@Lovelace.example"},
        {"ts": 5, "kind": "identify", "user": "u2", "email": "bob@a.example"},
        {"ts": 1, "kind": "identify", "user": "u1", "email": "BOB@a.example"},
        {"ts": 6, "user": "u3", "email": "track@a.example"},
        {"ts": 7, "kind": "identify", "user": "u3", "email": "@"},
    )

    assert [resolve_contact(people, email) for email in ("ada@lovelace.example", "Bob@A.example")] == ["v", "u1"]
    assert {people.person(user, None) for user in ("u1", "u2")} == {"u1", "u2"}
    assert resolve_contact(people, "track@a.example") == "track@a.example"
    assert people.emails() == {"ada@lovelace.example", "bob@a.example"}
    assert Identifier(IdKind.EMAIL, "bob@a.example") in identifiers_at(people, "u1")
    assert not any(identifier.kind is IdKind.EMAIL for identifier in identifiers_at(people, "u2"))


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


def identify(user, previous=None, ts=0):
    """PostHog's: the SDK's visitor and its user share one kind of id."""
    return {"ts": ts, "user": user, "visitor": previous, "previous": previous, "kind": "identify", "name": "$identify"}


def alias(user, previous, ts=0):
    return {"ts": ts, "user": user, "previous": previous, "kind": "alias", "name": "$create_alias"}


def in_every_order(*events):
    """What is known of who is who, which has to be the same in every order, and when every event comes twice."""
    everybody = [known(*order) for order in permutations(events)] + [known(*events, *events)]
    ids = {event[key] for event in events for key in ("user", "visitor", "previous") if event.get(key)}
    seen = [{text: (people.of_user(text), people.of_visitor(text)) for text in ids} for people in everybody]
    assert all(resolution == seen[0] for resolution in seen)
    return everybody[0]


def test_a_second_user_identified_with_the_firsts_visitor_id_is_another_person():
    people = in_every_order(identify("u1", "a", 1), identify("u2", "a", 2), {"ts": 0, "user": "a"})

    assert (people.of_user("u1"), people.of_user("u2")) == ("u1", "u2")
    assert (people.of_visitor("a"), people.of_user("a")) == ("u1", "u1")


def test_a_user_identified_with_another_users_id_as_the_anonymous_one_is_another_person():
    people = in_every_order(identify("u1", "a", 5), identify("u2", "u1", 1), identify("u2", "b", 9))

    assert (people.of_user("u1"), people.of_user("u2"), people.of_visitor("u1")) == ("u1", "u2", "u1")
    assert (people.of_visitor("a"), people.of_visitor("b")) == ("u1", "u2")


@pytest.mark.parametrize("second", [alias("u2", "a", 3), alias("u2", "u1", 3), alias("u1", "u2", 3)])
def test_an_alias_that_is_somebodys_already_joins_nobody(second):
    people = in_every_order(identify("u1", "a", 1), identify("u2", "b", 2), second)

    assert (people.of_user("u1"), people.of_user("u2")) == ("u1", "u2")
    assert (people.of_visitor("a"), people.of_visitor("b")) == ("u1", "u2")


def test_several_ids_of_nobodys_yet_are_the_users_who_claims_them():
    people = in_every_order(identify("u", "phone", 1), identify("u", "laptop", 2), alias("u", "mail", 3))

    assert {people.of_visitor("phone"), people.of_user("laptop"), people.of_user("mail")} == {"u"}


@pytest.mark.parametrize(("kind", "name"), [("alias", "alias"), ("alias", "$merge_dangerously")])
def test_whoever_asks_for_two_users_to_be_one_gets_one(kind, name):
    merge = {"ts": 3, "user": "u2", "previous": "u1", "kind": kind, "name": name}
    people = in_every_order(identify("u1", "a", 1), identify("u2", "b", 2), merge)

    assert {people.of_user("u1"), people.of_user("u2"), people.of_visitor("a"), people.of_visitor("b")} == {"u2"}


class Crowd(World):
    """Few people with many ids."""

    def event(self, number):
        chosen = random.Random(number * 7 + 1)

        def some(prefix, most, chance):
            return f"{prefix}{chosen.randrange(most)}" if chosen.random() < chance else None

        user = some("u", 12, 0.4)
        previous = some(chosen.choice(["u", "v"]), 12, 0.1) if user else None
        says = chosen.choice([("track", "n"), ("identify", "$identify"), ("alias", "$create_alias")])
        kind, name = says if previous or says[0] == "identify" else ("track", "n")
        visitor, wallet = some("v", 25, 0.7), some("0xw", 9, 0.3)
        return msgspec.structs.replace(
            event(0, chosen.randrange(3 * HOUR), user, visitor, wallet, previous, kind, name),
            id=f"event {number}",
        )


class Oracle:
    """Reads everything for every question."""

    def __init__(self, events):
        self.seen = [(event.ts, event.user_id, event.anonymous_id, address(event), previous(event)) for event in events]
        self.claims = sorted(
            (event.ts, previous(event), event.user_id) for event in events if event.name != "n" and previous(event)
        )
        self.identified = {event.user_id for event in events if event.name in CLAIMING and event.user_id}
        self.merges = {
            (previous(event), event.user_id)
            for event in events
            if previous(event) and event.user_id and event.name not in CLAIMING
        }

    def person(self, user, visitor, wallet):
        return (
            self.user(user) if user else self.visitor(visitor) if visitor else self.wallet(wallet) if wallet else None
        )

    def user(self, name):
        pairs = set(self.merges)
        for _, one, other in self.claims:
            if not self.identified & group_of(one, pairs):
                pairs.add((one, other))
        group = group_of(name, pairs)
        heads = {x for x in group if not any(p == x and u != x for p, u in pairs)}
        return min(heads or group) if len(group) > 1 else name

    def visitor(self, visitor):
        if visitor in self.identified:
            return self.user(visitor)
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


CLAIMING = ("$identify", "$create_alias")


def group_of(name, pairs):
    group = {name}
    while more := {x for pair in pairs for x in pair if group & set(pair)} - group:
        group |= more
    return group


def address(stored_event):
    return msgspec.json.decode(stored_event.web3)["address"] if stored_event.web3 else None


def previous(stored_event):
    return msgspec.json.decode(stored_event.extra)["previous_id"] if stored_event.extra else None


@pytest.mark.parametrize("seed", range(16))
def test_every_row_is_whose_a_brute_force_reading_says(seed):
    world, memory = Crowd(seed), None
    memory = IdentityCache(world.store)
    for _ in range(3):
        world.live(rounds=15, crash=0.03 if seed % 2 else 0)
        counted = world.expected()
        oracle = Oracle(counted)
        reader = RowReader(world.store, "client", known=memory)
        rows = list(reader.between(WHOLE))
        assert len(rows) == len(counted)
        for row in rows:
            row_event = row.block.events[row.position]
            assert row.person == oracle.person(row_event.user_id, row_event.anonymous_id, address(row_event))
        assert [row.person for row in RowReader(world.store, "client").between(WHOLE)] == [row.person for row in rows]
    check_index(world, reader, rows)


def check_index(world, reader, rows):
    """Whoever is looked up by any of their ids is found with all of them, and in all the blocks with their events."""
    for person in {row.person for row in rows if row.person}:
        ids = identifiers_at(reader.people, person)
        mine = [row for row in rows if row.person == person]
        named = {one for row in mine for one in identifiers(sightings(row.block)[row.position])}
        assert {one for one in named if one.kind is not IdKind.ANONYMOUS} <= ids | others(reader.people, mine)
        blocks = blocks_at(world.store, reader.views, ids)
        keys = {sk for sks in blocks.values() for sk in sks}
        data = {sk: Block(block) for sk, block in world.store.blocks(LOG, keys).items()}
        assert {row.block.events[row.position].id for row in mine} <= {
            x.id for block in data.values() for x in block.events
        }
    assert Identifier(IdKind.USER, "nobody") not in ids


def others(people, mine):
    """Wallets that somebody else was first seen with, ids that an alias names for both of their kinds, and whom a claim
    named that is a user of its own."""
    ids = {one for row in mine for one in identifiers(sightings(row.block)[row.position])}
    refused = {one for one in ids if one.kind is IdKind.USER and people.of_user(one.value) != mine[0].person}
    return refused | {one for one in ids if one.kind is IdKind.WALLET or one.value.startswith("v")}


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
        named = {(link.one, link.other) for link in people.links()}
        assert not {one.value for one in ids if one.kind is IdKind.USER} & {name for pair in named for name in pair}
