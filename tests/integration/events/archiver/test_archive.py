"""What is counted is in the archive exactly once, whatever happens to a round; what is erased is not. DuckDB
writes, and pyarrow, which none of us wrote, reads."""

import random
from contextlib import suppress
from io import BytesIO
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.erasure import ArchiveBusy, ArchiveEraser
from groundswell.events.archiver.lake import CorruptObject, Manifest, Superseded
from groundswell.events.archiver.layout import PARTS
from groundswell.events.archiver.service import Archiver, Report, mergeable
from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Period, Somebody
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, Event, Log
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.clock import START, Clock
from tests.fakes.event_log import FakeEventLog
from tests.fakes.lake import Crash, FakeLake

LOG = Log("client", "0")
NOW = int(START.timestamp() * 1000)
EVERYBODY = Period(0, 2 * NOW)
EVE = Somebody(frozenset({"eve"}), frozenset({"anon"}), frozenset())


class World:
    def __init__(self):
        self.store, self.clock, self.lake = FakeEventLog(), Clock(), FakeLake()
        self.committer = Committer(self.store, self.clock)
        sheets = DuckSheets()
        self.archiver = Archiver(self.store, self.lake, sheets, lambda: self.clock().strftime("%Y-%m-%d"))
        self.eraser = ArchiveEraser(self.lake, sheets)

    def send(self, *events, log=LOG):
        data = encode(events, int(self.clock().timestamp() * 1000))
        (sk,) = self.store.append(log, [data], int(self.clock().timestamp() * 1000))
        self.committer.commit(log, [Incoming(sk, Block(data))])
        self.clock.advance(seconds=1)

    def round(self):
        return self.archiver.run(lambda: True)

    def dying(self, at, work, *, after=False):
        """Whether it died at that write."""
        self.lake.deaths.writes, self.lake.deaths.at, self.lake.deaths.after = 0, at, after
        try:
            work()
        except Crash:
            return True
        finally:
            self.lake.deaths.at = None
        return False

    def clean(self, target, after=""):
        """Everything after that day, as privacy's jobs do; the portions."""
        done = []
        assert not self.eraser.busy("client")
        while portion := self.eraser.survey("client", target, after):
            assert all(self.eraser.clean(name, target) for name in portion.concerned)
            done.append(portion)
            after = portion.end
        return done

    def erase(self, target):
        """From the log, as privacy's jobs do."""
        affected_blocks = find(self.store.blocks_between(LOG, "B#", "C"), target)
        Eraser(self.store, self.committer, self.clock).erase(LOG, affected_blocks, target)

    def tables(self, log=LOG):
        _, refs = self.lake.state(log)
        return [pq.read_table(BytesIO(self.lake.read(ref))) for ref in refs]

    def events(self, log=LOG):
        return [event(**row) for table in self.tables(log) for row in map(read, table.to_pylist())]

    def ids(self, log=LOG):
        return sorted(event.id for event in self.events(log))

    def bytes(self):
        """Of everything that lies in the bucket, whether or not a manifest names it."""
        return "".join(str(pq.read_table(BytesIO(data)).to_pylist()) for data in self.parquet().values())

    def parquet(self):
        return {name: data for name, data in self.lake.objects.kept.items() if name.endswith(".parquet")}


def read(row):
    """As another reader sees it."""
    either = {name: row[f"{name}_text"] or _spelled(row[f"{name}_uuid"]) for name in ("id", "anonymous")}
    same = ("kind", "name", "ts", "client_ts", "sent_at", "user_id", "session_id", "value", "currency", "fact")
    parts = {part: (row[part] or "").encode() for part in PARTS}
    return {
        "id": either["id"],
        "anonymous_id": either["anonymous"],
        "ts_quality": row["ts_quality"],
        **{name: row[name] for name in same},
        **parts,
    }


def _spelled(value):
    return None if value is None else str(UUID(bytes=value))


@pytest.fixture
def world():
    return World()


def event(id, ts=NOW, **changes):  # noqa: A002 - the event's
    return Event(**{"id": id, "kind": "track", "name": "bought", "ts": ts, "user_id": "ada"} | changes)


FULL = event(
    "full \u2028 🚀",
    client_ts=5,
    sent_at=6,
    anonymous_id="0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    session_id="s\x00t",
    value="0.100",
    currency="EUR",
    fact="fact",
    properties=b'{"wei":123456789012345678901234567890,"price":1.50}',
    traits=b"{}",
    context=b'{"ip":"203.0.113.0","page":{"path":"/a"}}',
    web3=b'{"chain_id":"eip155:1"}',
    source=b'{"library":"x"}',
    extra=b'{"a":"\xc3\xa9"}',
)


def test_another_reader_finds_an_event_with_every_digit(world):
    uuid = event("0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c13")
    capitals = event("0192F0C1-7C1A-7D3E-8F00-2B6F1E9A4C14", anonymous_id="not a uuid")
    world.send(FULL, uuid, capitals)
    world.round()

    assert world.events() == [FULL, uuid, capitals]
    (row, *_) = world.tables()[0].to_pylist()
    assert (row["path"], row["received_at"], row["position"]) == ("/a", NOW, 0)


def test_half_an_emoji_is_replaced_so_that_every_reader_takes_the_json(world):
    world.send(event("1", properties=rb'{"a":"\ud83d","b":"\ud83d\ude00","c":"\\ud83d","d":"\ude00x"}'))
    world.round()

    (stored_event,) = world.events()
    assert stored_event.properties == rb'{"a":"\ufffd","b":"\ud83d\ude00","c":"\\ud83d","d":"\ufffdx"}'


def test_events_lie_by_client_and_day(world):
    world.send(event("1"), event("2", NOW - DAY))
    world.send(event("3"), log=Log("other", "0"))

    assert (world.round().events, world.round().events) == (3, 0)

    assert sorted(name.rpartition("/")[0] for name in world.parquet()) == [
        "events/client_id=client/day=2026-11-21",
        "events/client_id=client/day=2026-11-22",
        "events/client_id=other/day=2026-11-22",
    ]
    assert {ref.day for ref in world.lake.state(LOG)[1]} == {"2026-11-21", "2026-11-22"}


def test_duplicates_are_not_archived(world):
    for _ in range(2):
        world.send(event("1"), event("2"), event("1"))
        world.round()

    assert world.ids() == ["1", "2"]


@pytest.mark.parametrize("after", [False, True])
def test_a_round_that_dies_at_any_write_leaves_nothing_out_and_nothing_twice(world, after):
    sent, deaths = set(), 0
    for at in range(9):
        names = [f"{at}-{number}" for number in range(3)]
        world.send(*(event(name, NOW - number * DAY) for number, name in enumerate(names)))
        sent |= set(names)
        deaths += world.dying(at, world.round, after=after)
        assert set(world.ids()) <= sent, "a reader sees a portion whole or not at all"
        assert len(world.ids()) % 3 == 0
        assert len(set(world.ids())) == len(world.ids())
    world.clock.advance(days=2)
    world.round()

    assert deaths >= 5
    assert world.ids() == sorted(sent)
    assert set(world.parquet()) == {ref.name for ref in world.lake.state(LOG)[1]}, "nothing is left behind"


@pytest.mark.parametrize("seed", range(2))
def test_archive_compaction_and_erasure_killed_at_random_agree_with_the_log(world, seed):
    chance, alive = random.Random(seed), {}
    for step in range(12):
        names = [f"{step}-{number}" for number in range(chance.randrange(1, 5))]
        users = {name: chance.choice(["ada", "bob", "eve", f"u{step}"]) for name in names}
        world.send(*(event(name, NOW - chance.randrange(4) * DAY, user_id=users[name]) for name in names))
        alive |= users
        if step % 5 == 4:
            target = Somebody(frozenset({chance.choice(["bob", f"u{step - 1}"])}), frozenset(), frozenset())
            world.erase(target)
            alive = {name: user for name, user in alive.items() if user not in target.users}
            with suppress(ArchiveBusy):
                world.dying(chance.randrange(12), lambda target=target: world.clean(target))
            world.clean(target)
            assert not any(f"'{user}'" in world.bytes() for user in target.users), "in no object, listed or not"
        world.clock.advance(hours=chance.randrange(1, 20))
        world.dying(chance.randrange(1, 15), world.round, after=chance.random() < 0.5)
    world.round()

    assert world.ids() == sorted(alive)


def test_what_a_later_erasure_masks_is_taken_out_by_the_round_that_passes_it(world):
    world.send(event("1"), event("2", user_id="eve"))
    world.round()
    world.erase(EVE)
    assert world.ids() == ["1", "2"], "until then the commit after `through` says what counts"

    report = world.round()

    assert report.removed == 1
    assert world.ids() == ["1"]
    assert "eve" not in world.bytes()


def test_two_rounds_at_once_archive_once(world):
    world.send(event("1"))
    world.send(event("2"))
    rounds = [1]

    def meanwhile():
        if rounds:
            rounds.pop()
            world.send(event("3"))
            world.round()

    world.lake.objects.meanwhile = meanwhile
    world.round()
    world.round()

    assert world.ids() == ["1", "2", "3"]


def test_a_client_purged_meanwhile_leaves_nothing(world):
    world.send(event("1"))

    def purged():
        world.store.items.clear()
        world.lake.pointers.kept.clear()

    world.lake.objects.meanwhile = purged
    assert world.round().events == 0
    assert world.parquet() == {}


def test_a_round_stops_in_time_and_the_next_goes_on(world, monkeypatch):
    monkeypatch.setattr("groundswell.events.archiver.service._BLOCKS", 1)
    for name in "abc":
        world.send(event(name))

    assert not world.archiver.run(lambda: False).finished
    assert len(world.ids()) == 1
    assert world.round().finished
    assert world.ids() == ["a", "b", "c"]


def test_days_that_are_over_are_compacted_once_a_day(world):
    for name in "abc":
        world.send(event(name), event(f"{name} before", NOW - DAY))
        world.round()
    world.clock.advance(days=1)
    world.send(event("today", NOW + DAY))

    report = world.round()

    assert report.compacted == 6
    assert [(ref.day, ref.rows) for ref in world.lake.state(LOG)[1]] == [
        ("2026-11-21", 3),
        ("2026-11-22", 3),
        ("2026-11-23", 1),
    ]
    assert len(world.parquet()) == 3
    assert [row["ts"] for table in world.tables() for row in table.to_pylist()] == [NOW - DAY] * 3 + [NOW] * 3 + [
        NOW + DAY
    ]
    assert world.round() == Report(logs=1)


def test_large_objects_are_merged_with_no_more_than_fits(world):
    world.send(event("1"))
    world.round()
    (ref,) = world.lake.state(LOG)[1]
    refs = [type(ref)(ref.day, f"{rows}", rows, 1, b"", "", "") for rows in (200_000, 250_000, 60_000, 30_000)]

    assert [ref.rows for ref in mergeable(refs, "2026-11-23")] == [30_000, 60_000, 200_000]
    assert mergeable(refs, ref.day) == []


def test_an_erasure_takes_a_person_out_of_every_object_and_leaves_the_others(world):
    for day in range(3):
        world.send(event(f"ada {day}", NOW - day * DAY), event(f"eve {day}", NOW - day * DAY, user_id="eve"))
    world.send(event("only eve", NOW - 9 * DAY, user_id="eve"), event("shared", anonymous_id="anon"))
    world.round()

    done = world.clean(EVE)

    assert sum(portion.erased for portion in done) == 4
    assert sum(portion.unlinked for portion in done) == 1
    assert world.ids() == ["ada 0", "ada 1", "ada 2", "shared"]
    assert {event.anonymous_id for event in world.events()} == {None}
    assert not any("2026-11-13" in name for name in world.parquet()), "an object without rows is deleted"
    assert sum(portion.objects for portion in done) == 4
    assert not any(portion.concerned for portion in world.clean(EVE))


def test_a_first_round_that_died_leaves_nothing_of_somebody_erased(world):
    world.send(event("1"), event("2", user_id="eve"))
    assert world.dying(1, world.round)
    assert "eve" in world.bytes()

    world.erase(EVE)
    world.clean(EVE)

    assert world.parquet() == {}
    world.round()
    assert world.ids() == ["1"]


@pytest.mark.parametrize("days", [0, 1])
def test_a_round_that_woke_up_after_an_erasure_brings_nobody_back(world, days):
    world.send(event("1", NOW - DAY), event("2", user_id="eve"), event("3", NOW - days * DAY))
    asleep = [1]

    def sleeping():
        if asleep:
            asleep.pop()
            world.erase(EVE)
            world.clean(EVE)

    world.lake.objects.meanwhile = sleeping
    world.round()
    assert "eve" not in world.bytes()
    world.round()

    assert world.ids() == ["1", "3"]


def test_two_erasures_at_once_both_hold(world):
    world.send(event("1"), event("2", user_id="eve"), event("3", user_id="bob"))
    world.round()
    others = [Somebody(frozenset({"bob"}), frozenset(), frozenset())]
    world.lake.objects.meanwhile = lambda: others and world.clean(others.pop())

    world.clean(EVE)

    assert world.ids() == ["1"]


def test_an_erasure_is_done_in_portions_and_goes_on_after_the_last_one(world, monkeypatch):
    monkeypatch.setattr("groundswell.events.archiver.erasure._ROWS", 2)
    for day in range(5):
        world.send(event(f"{day}", NOW - day * DAY))
    world.round()
    first = world.eraser.survey("client", EVERYBODY, "")

    assert (first.objects, len(first.concerned)) == (2, 2)
    assert [portion.objects for portion in world.clean(EVERYBODY, first.end)] == [2, 1]
    assert len(world.parquet()) == 2


def test_a_manifest_that_others_keep_changing_is_left_to_another_time(world):
    world.send(event("1"), event("2", user_id="eve"))
    world.round()
    world.lake.swap = lambda *_: False

    with pytest.raises(ArchiveBusy):
        world.eraser.clean("client/2026-11-22", EVE)


def test_an_object_that_was_cut_or_changed_is_counted_and_believed_by_nobody(world):
    world.send(event("1"), event("2", user_id="eve"))
    world.round()
    (ref,) = world.lake.state(LOG)[1]
    data = world.lake.objects.kept[ref.name]
    for broken in (data[:-1], data[:100] + bytes(50) + data[150:]):
        world.lake.objects.kept[ref.name] = broken
        with pytest.raises(CorruptObject):
            world.lake.read(ref)

    (portion,) = world.clean(EVE)

    assert (portion.objects, portion.concerned, portion.illegible) == (1, (), 1)
    del world.lake.objects.kept[ref.name]
    with pytest.raises(Superseded):
        world.lake.read(ref)


def test_points_of_metrics_are_nobodys_and_stay(world):
    world.send(event("1"), log=Log("client", "m"))
    world.round()

    assert world.clean(EVERYBODY) == []
    assert world.ids(Log("client", "m")) == ["1"]


def test_an_archive_of_json_lines_is_replaced_by_the_log_before_anybody_is_erased_from_it(world):
    world.send(event("1"), event("2", user_id="eve"))
    world.lake.pointers.kept[LOG] = Manifest(old=True)
    old = "events/client_id=client/day=2026-11-22/0-000000000001-000000000001.json.gz"
    world.lake.objects.kept |= {old: b"lines", old.replace("/0-", "/m-"): b"metrics"}
    assert world.eraser.busy("client"), "there is something left that nobody can clean"

    world.round()

    assert world.ids() == ["1", "2"]
    assert old not in world.lake.objects.kept
    assert old.replace("/0-", "/m-") in world.lake.objects.kept, "another log's"
    assert not world.eraser.busy("client")


def test_a_row_comes_back_as_the_event_it_was(world):
    world.send(FULL)
    world.round()
    (ref,) = world.lake.state(LOG)[1]
    with DuckSheets().sheet() as sheet:
        sheet.open(world.lake.read(ref))
        (row,) = sheet.rows()

    assert (row.position, row.received, row.event) == (0, NOW, FULL)
