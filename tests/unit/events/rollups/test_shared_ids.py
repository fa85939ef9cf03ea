"""One event id on different events costs none of them, and a UUID is the same in capitals: in random histories too."""

import random
from uuid import UUID

import msgspec
import pytest

from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Somebody
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.identity import Marks, digest
from groundswell.events.eventlog.model import Event
from groundswell.events.rollups import committer as protocol
from groundswell.events.rollups.deduplication import Incoming
from groundswell.personal_data.identifiers import Identifier, IdKind
from tests.unit.events.rollups.history import LOG, START, World, marks

UUID_ = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12"
FIRST = Event(id=UUID_, kind="track", name="Viewed", ts=START, user_id="ada", anonymous_id="device")
OTHERS = [
    {"id": "another"},
    {"name": "Bought"},
    {"kind": "page"},
    {"user_id": "bob"},
    {"user_id": None},
    {"anonymous_id": "phone"},
    {"anonymous_id": None},
    {"user_id": "adad", "anonymous_id": "evice"},
    {"name": "Viewedada", "user_id": None},
]
SAME = [{}, {"id": UUID_.upper()}, {"ts": START + 5}, {"client_ts": 1, "sent_at": 2}, {"properties": b'{"a":1}'}]


def counted(world, *events):
    """How many of the events are new, each in a block of its own."""
    consumer = world.consumer()
    return sum(consumer.commit(LOG, [block(at, event)]) for at, event in enumerate(events))


def block(at, *events):
    return Incoming(f"B#{START + at:013d}abcdef", Block(encode(events, START + at)))


@pytest.mark.parametrize("change", OTHERS)
def test_an_id_on_another_event_is_no_repeat(change):
    assert counted(World(0), FIRST, msgspec.structs.replace(FIRST, **change), FIRST) == 2


@pytest.mark.parametrize("change", SAME)
def test_a_repeat_has_the_same_id_in_whatever_capitals_name_and_persons(change):
    assert counted(World(0), FIRST, msgspec.structs.replace(FIRST, **change)) == 1


def test_a_uuid_of_a_person_is_the_same_in_capitals_and_any_other_id_is_not():
    one = Marks("e", "track", "n", UUID_, UUID_)
    assert digest("c", one) == digest("c", one._replace(user_id=UUID_.upper(), anonymous_id=UUID_.upper()))
    for text in ("abc", "AB" * 16, "g" + UUID_[1:]):
        assert digest("c", one._replace(id=text)) != digest("c", one._replace(id=text.swapcase()))


class Careless(World):
    """Whose sender numbers events per person or name, and writes a third of the UUIDs in capitals."""

    def event(self, number):
        shared = UUID(int=number // 3)
        chosen = random.Random(self.random.random())
        text = str(shared).upper() if chosen.random() < 0.3 else str(shared)
        names, users = ("viewed", "bought", "viewed"), (f"u{number % 5}", f"u{number % 5}", None)
        return Event(id=text, kind="track", name=names[number % 3], ts=START + number, user_id=users[number % 3])


@pytest.mark.parametrize("seed", range(6))
def test_in_every_history_each_event_counts_once(seed, monkeypatch):
    monkeypatch.setattr(protocol, "_SEGMENT_IDS", 40)
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 5)
    monkeypatch.setattr(protocol, "_GROUP_BLOCKS", 8)
    world = Careless(seed)
    world.live(rounds=30, crash=0.03 if seed % 2 else 0)

    offered = {marks(event) for incoming in world.offered for event in incoming.block.events}
    expected = world.expected()
    assert {marks(event) for event in expected} == offered
    assert len({event.id.lower() for event in expected}) < len(offered)
    total = sum(
        tally.count for commit in world.store.commits(LOG, 0) for row in commit.cells.values() for tally in row.values()
    )
    assert total == len(expected)


def test_an_event_that_lost_its_device_to_an_erasure_is_still_known_by_what_it_came_with():
    world = World(0)
    consumer, theirs = world.consumer(), msgspec.structs.replace(FIRST, user_id="bob")
    incoming = block(0, FIRST, theirs)
    world.store.items.setdefault("client#0", {})[incoming.sk] = encode([FIRST, theirs], START)
    assert consumer.commit(LOG, [incoming]) == 2

    target = Somebody.named([Identifier(IdKind.USER, "ada"), Identifier(IdKind.ANONYMOUS, "device")])
    eraser = Eraser(world.store, world.consumer(), world.clock)
    for _ in range(2):
        eraser.erase(LOG, find(world.store.blocks(LOG, [incoming.sk]).items(), target), target)

    (left,) = world.store.blocks(LOG, [incoming.sk]).values()
    assert [event.anonymous_id for event in Block(left).events] == [None, None]
    assert (set(Block(left).erased), set(Block(left).changed)) == ({0}, {1})
    for any_consumer in (consumer, world.consumer()):
        assert any_consumer.commit(LOG, [block(7, theirs, FIRST)]) == 0, "repeats, whoever remembers"
