"""What is counted is in the archive exactly once, whatever happens to a round; what is erased is not."""

import random
from contextlib import suppress
from itertools import count

import pytest

from groundswell.events.archiver.erasure import ArchiveBusy, ArchiveEraser
from groundswell.events.archiver.model import CorruptObject, Progress, event_of, line_of, lines_of, packed
from groundswell.events.archiver.service import Archiver
from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Period, Somebody
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, Event, Log
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.clock import START, Clock
from tests.fakes.event_log import FakeEventLog

LOG = Log("client", "0")
NOW = int(START.timestamp() * 1000)
EVERYBODY = Period(0, 2 * NOW)


class Crash(BaseException):
    pass


class FakeProgress:
    def __init__(self):
        self.known = {}

    def progress(self, log):
        return self.known.get(log, Progress())

    def plan(self, log, before, through):
        if self.progress(log) != before:
            return False
        self.known[log] = Progress(before.done, through)
        return True

    def finish(self, log, through):
        if self.progress(log).planned != through:
            return False
        self.known[log] = Progress(through, through)
        return True


class FakeObjects:
    """`crash_at` is how many puts succeed before the process dies."""

    def __init__(self):
        self.kept = {}
        self.versions = count()
        self.crash_at = None

    def put(self, name, data):
        if self.crash_at is not None:
            if self.crash_at == 0:
                raise Crash
            self.crash_at -= 1
        self.kept[name] = (data, str(next(self.versions)))

    def create(self, name, data):
        if name in self.kept:
            return False
        self.put(name, data)
        return True

    def names(self, beginning, after=""):
        return iter([name for name in sorted(self.kept) if name.startswith(beginning) and name > after])

    def get(self, name):
        return self.kept.get(name)

    def replace(self, name, data, version):
        if self.kept.get(name, (b"", ""))[1] != version:
            return False
        self.put(name, data)
        return True

    def delete(self, names):
        for name in names:
            self.kept.pop(name, None)

    def events(self):
        return [event_of(line)[0] for data, _ in self.kept.values() for line in lines_of(data)]


class World:
    def __init__(self):
        self.store, self.clock = FakeEventLog(), Clock()
        self.progress, self.objects = FakeProgress(), FakeObjects()
        self.committer = Committer(self.store, self.clock)
        self.archiver = Archiver(self.store, self.progress, self.objects)
        self.eraser = ArchiveEraser(self.progress, self.objects)

    def send(self, *events, log=LOG):
        data = encode(events, int(self.clock().timestamp() * 1000))
        (sk,) = self.store.append(log, [data], int(self.clock().timestamp() * 1000))
        self.committer.commit(log, [Incoming(sk, Block(data))])
        self.clock.advance(seconds=1)

    def round(self):
        return self.archiver.run(lambda: True)

    def clean(self, target, after=""):
        """Everything after that name, as privacy's jobs do; the portions."""
        done = []
        while portion := self.eraser.survey("client", target, after):
            assert all(self.eraser.clean(name, target) for name in portion.concerned)
            done.append(portion)
            after = portion.end
        return done

    def erase(self, target):
        """From the log, as privacy's jobs do."""
        found = find(self.store.blocks_between(LOG, "B#", "C"), target)
        Eraser(self.store, self.committer, self.clock).erase(LOG, found, target)


@pytest.fixture
def world():
    return World()


def event(name, ts=NOW, **changes):
    return Event(**{"id": name, "kind": "track", "name": "bought", "ts": ts, "user_id": "ada"} | changes)


FULL = event(
    "full \u2028 🚀",
    client_ts=5,
    sent_at=6,
    anonymous_id="anon",
    session_id="s",
    value="0.100",
    currency="EUR",
    fact="fact",
    properties=b'{"wei":123456789012345678901234567890,"price":1.50}',
    traits=b"{}",
    context=b'{"ip":"203.0.113.0"}',
    web3=b'{"chain_id":"eip155:1"}',
    source=b'{"library":"x"}',
    extra=b'{"a":"\xc3\xa9"}',
)


def test_an_event_comes_back_from_its_line_with_every_digit(world):
    world.send(FULL, event("2"))
    world.round()

    assert sorted(world.objects.events(), key=lambda each: each.id) == [event("2"), FULL]


def test_events_lie_by_client_and_day_and_a_line_is_a_line(world):
    world.send(event("1"), event("2", NOW - DAY))
    world.send(event("3"), log=Log("other", "0"))

    assert (world.round().events, world.round().events) == (3, 0)

    assert sorted(world.objects.kept) == [
        "events/client_id=client/day=2026-11-21/0-000000000001-000000000001.json.gz",
        "events/client_id=client/day=2026-11-22/0-000000000001-000000000001.json.gz",
        "events/client_id=other/day=2026-11-22/0-000000000001-000000000001.json.gz",
    ]
    assert line_of(FULL, 1).count(b"\n") == 1


def test_duplicates_are_not_archived(world):
    for _ in range(2):
        world.send(event("1"), event("2"), event("1"))
        world.round()

    assert sorted(each.id for each in world.objects.events()) == ["1", "2"]


@pytest.mark.parametrize("seed", range(20))
def test_a_round_that_dies_anywhere_leaves_nothing_out_and_nothing_twice(world, seed):
    chance, sent = random.Random(seed), set()
    for _ in range(12):
        names = [str(chance.randrange(60)) for _ in range(chance.randrange(1, 8))]
        world.send(*(event(name, NOW - int(name) % 4 * DAY) for name in names))
        sent |= set(names)
        world.objects.crash_at = chance.choice([None, 0, 1, 2])
        with suppress(Crash):
            world.round()
    world.objects.crash_at = None
    world.round()

    assert sorted(each.id for each in world.objects.events()) == sorted(sent)


def test_two_rounds_at_once_write_the_same_objects(world):
    world.send(event("1"))
    world.send(event("2"))
    create, rounds = world.objects.create, [1]

    def meanwhile(name, data):
        if rounds:
            rounds.pop()
            world.send(event("3"))
            world.round()
        return create(name, data)

    world.objects.create = meanwhile
    world.round()
    world.round()

    assert sorted(each.id for each in world.objects.events()) == ["1", "2", "3"]


def test_a_client_purged_meanwhile_leaves_nothing(world):
    world.send(event("1"))
    create = world.objects.create

    def purged(name, data):
        create(name, data)
        world.progress.known.clear()

    world.objects.create = purged
    assert world.round().events == 0
    assert world.objects.kept == {}


def test_a_round_stops_in_time_and_the_next_goes_on(world, monkeypatch):
    monkeypatch.setattr("groundswell.events.archiver.service._BLOCKS", 1)
    for name in "abc":
        world.send(event(name))

    assert not world.archiver.run(lambda: False).finished
    assert len(world.objects.events()) == 1
    assert world.round().finished
    assert sorted(each.id for each in world.objects.events()) == ["a", "b", "c"]


def test_what_was_erased_before_is_not_archived(world):
    world.send(event("1"), event("2", user_id="eve"))
    world.erase(Somebody(frozenset({"eve"}), frozenset(), frozenset()))
    world.round()

    assert [each.id for each in world.objects.events()] == ["1"]


def test_what_stays_is_not_archived_again_after_an_erasure(world):
    world.send(event("1"), event("2", user_id="eve"))
    world.round()
    eve = Somebody(frozenset({"eve"}), frozenset(), frozenset())
    world.erase(eve)
    world.clean(eve)

    world.send(event("3"))
    world.round()

    assert sorted(each.id for each in world.objects.events()) == ["1", "3"]


def test_an_erasure_takes_a_person_out_of_every_object_and_leaves_the_others(world):
    eve = Somebody(frozenset({"eve"}), frozenset({"anon"}), frozenset())
    for day in range(3):
        world.send(event(f"ada {day}", NOW - day * DAY), event(f"eve {day}", NOW - day * DAY, user_id="eve"))
    world.send(event("only eve", NOW - 9 * DAY, user_id="eve"), event("shared", anonymous_id="anon"))
    world.round()

    done = world.clean(eve)

    assert sum(each.erased for each in done) == 4
    assert sum(each.unlinked for each in done) == 1
    assert sorted(each.id for each in world.objects.events()) == ["ada 0", "ada 1", "ada 2", "shared"]
    assert {each.anonymous_id for each in world.objects.events()} == {None}
    assert not any("2026-11-13" in name for name in world.objects.kept), "an object without lines is deleted"
    assert sum(each.objects for each in done) == 4
    assert not any(each.concerned for each in world.clean(eve))


def test_an_erasure_waits_for_a_portion_under_way(world):
    world.send(event("1"))
    world.objects.crash_at = 0
    with pytest.raises(Crash):
        world.round()

    assert world.eraser.busy("client")

    world.objects.crash_at = None
    world.round()
    assert not world.eraser.busy("client")
    assert [each.erased for each in world.clean(EVERYBODY)] == [1]


@pytest.mark.parametrize("days", [0, 1])
def test_a_round_that_woke_up_after_an_erasure_brings_nobody_back(world, days):
    world.send(event("1", NOW - DAY), event("2", user_id="eve"), event("3", NOW - days * DAY))
    eve, packed_before, asleep = Somebody(frozenset({"eve"}), frozenset(), frozenset()), world.archiver._packed, [1]

    def sleeping(log, commits):
        found = packed_before(log, commits)
        if asleep:
            asleep.pop()
            world.round()
            world.erase(eve)
            world.clean(eve)
        return found

    world.archiver._packed = sleeping
    world.round()

    assert sorted(each.id for each in world.objects.events()) == ["1", "3"]


def test_two_erasures_at_once_both_hold(world):
    world.send(event("1"), event("2", user_id="eve"), event("3", user_id="bob"))
    world.round()
    get, others = world.objects.get, [Somebody(frozenset({"bob"}), frozenset(), frozenset())]

    def meanwhile(name):
        found = get(name)
        if others:
            world.clean(others.pop())
        return found

    world.objects.get = meanwhile
    world.clean(Somebody(frozenset({"eve"}), frozenset(), frozenset()))

    assert [each.id for each in world.objects.events()] == ["1"]


def test_an_erasure_is_done_in_portions_and_goes_on_after_the_last_one(world, monkeypatch):
    monkeypatch.setattr("groundswell.events.archiver.erasure._OBJECTS", 2)
    for day in range(5):
        world.send(event(f"{day}", NOW - day * DAY))
    world.round()
    first = world.eraser.survey("client", EVERYBODY, "")

    assert (first.objects, len(first.concerned)) == (2, 2)
    assert [each.objects for each in world.clean(EVERYBODY, first.end)] == [2, 1]
    assert len(world.objects.kept) == 2


def test_an_object_that_others_keep_writing_is_left_to_another_time(world):
    world.send(event("1"), event("2", user_id="bob"))
    world.round()
    (name,) = world.objects.kept
    world.objects.replace = lambda *_: False

    with pytest.raises(ArchiveBusy):
        world.eraser.clean(name, Somebody(frozenset({"ada"}), frozenset(), frozenset()))


def test_what_cannot_be_read_is_counted_and_stays(world):
    world.send(event("1"), event("2", user_id="bob"))
    world.round()
    (name,) = world.objects.kept
    lines = list(lines_of(world.objects.kept[name][0]))
    world.objects.put(name, packed([*lines, b"no line\n"]))
    world.objects.put(name.replace("000001.json", "000009.json"), b"no object")

    (portion,) = world.clean(Somebody(frozenset({"ada"}), frozenset(), frozenset()))

    assert (portion.objects, portion.erased, portion.illegible) == (2, 1, 2)


def test_points_of_metrics_are_nobodys_and_stay(world):
    world.send(event("1"), log=Log("client", "m"))
    world.round()

    assert world.clean(EVERYBODY) == []
    assert len(world.objects.kept) == 1


def test_an_object_that_is_none_is_named():
    with pytest.raises(CorruptObject):
        list(lines_of(b"nonsense"))
    assert list(lines_of(packed([b"a\n", b"b\n"]))) == [b"a\n", b"b\n"]
