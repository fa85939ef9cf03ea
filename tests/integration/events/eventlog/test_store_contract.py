"""What services rely on, held against the fake they are tested with and the table they run on."""

import itertools
from decimal import Decimal

import pytest

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter
from groundswell.events.eventlog.identity_graph import EdgeKind, Link
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.people_index import BlockRef, Postings
from groundswell.events.eventlog.port import Progress
from groundswell.events.eventlog.records import Commit, Committed, Entry, Page, Run, Segment, Span, Tally
from groundswell.events.eventlog.store import DynamoEventLog
from tests.fakes.event_log import FakeEventLog

_clients = itertools.count()


class Real(DynamoEventLog):
    """The table's reader and writer as one, as the fake is."""

    def __init__(self, backend):
        table = backend.resources.tables["events"]
        super().__init__(backend.aws.dynamodb, table)
        numbers = itertools.count()
        self._writer = DynamoBlockWriter(backend.aws.dynamodb, table, random=lambda: f"{next(numbers):012x}")
        self.append, self.write_shards = self._writer.append, self._writer._write_shards


@pytest.fixture(params=["fake", "moto", "emulator"])
def store(request):
    return FakeEventLog() if request.param == "fake" else Real(request.getfixturevalue(request.param))


@pytest.fixture
def log():
    return Log(f"contract-{next(_clients)}", "0")


def commit(n, at=0):
    cells = {"viewed": {n: Tally(1)}, "paid": {n: Tally(2, Decimal("10.50"))}}
    return Commit(n, at, 5, (Committed(f"B#{n}", b"\x05", (Span(1, 2),)),), cells)


def page(bucket, number=0, w=1, names=("viewed",)):
    return Page(bucket, number, w, {name: {0: Tally(1)} for name in names})


def test_blocks_are_read_by_key_and_by_time(store, log):
    first = store.append(log, [b"a", b"b"], 1000)
    (second,) = store.append(log, [b"c"], 2000)

    assert store.blocks(log, [*first, second, "B#missing", second]) == {first[0]: b"a", first[1]: b"b", second: b"c"}
    assert store.blocks(log, []) == {}
    rows = list(store.blocks_between(log, keys.blocks_from(1000), keys.blocks_from(2000)))
    assert sorted(data for _, data in rows) == [b"a", b"b"]
    assert [sk for sk, _ in rows] == sorted(first)
    assert [data for _, data in store.blocks_between(log, "B#", keys.blocks_from(3000))][-1] == b"c"
    assert list(store.blocks_between(log, "B#", "B#")) == []


def test_blocks_in_lanes_are_found_as_others_are_and_belong_to_the_same_log(store, log):
    (before,) = store.append(log, [b"0"], 999)
    if isinstance(store, FakeEventLog):
        store.spread = True
    else:
        assert store.write_shards.spread([log])
    sks = [sk for at in range(1, 40) for sk in store.append(log, [b"%d" % at], 999 + at // 2)]

    assert len({keys.write_shard(log, sk) for sk in sks}) == 16
    assert store.blocks(log, [before, *sks]) == {sk: b"%d" % at for at, sk in enumerate([before, *sks])}
    assert [sk for sk, _ in store.blocks_between(log, "B#", "C")] == sorted([before, *sks])
    numbers = [int(data) for _, data in store.blocks_between(log, keys.blocks_from(1005), keys.blocks_from(1008))]
    assert sorted(numbers) == list(range(12, 18))
    assert store.rewrite_block(log, sks[4], b"new", b"5")
    assert not store.rewrite_block(log, sks[4], b"newer", b"5")
    assert store.blocks(log, [sks[4]]) == {sks[4]: b"new"}
    assert list(store.logs()).count(log) == 1


def test_many_blocks_are_read_in_one_go(store, log):
    sks = [
        sk for start in range(5) for sk in store.append(log, [b"%d" % (start * 30 + number) for number in range(30)], 1)
    ]

    assert len(set(sks)) == 150
    assert len(store.blocks(log, sks)) == 150


def test_a_log_is_known_from_its_first_block_on(store, log):
    assert log not in list(store.logs())
    store.append(log, [b"a"], 1)
    store.append(log, [b"b"], 2)

    assert list(store.logs()).count(log) == 1


def test_commits_are_written_once_and_read_in_order(store, log):
    assert (store.head(log), list(store.commits(log, 0))) == (0, [])
    for n in (1, 2, 3, 10, 11):
        assert store.put_commit(log, commit(n, at=n * 100))
    assert not store.put_commit(log, commit(2, at=7))

    assert store.head(log) == 11
    assert list(store.commits(log, 0))[1] == commit(2, at=200)
    assert [commit.n for commit in store.commits(log, 2)] == [3, 10, 11]
    assert [commit.n for commit in store.commits(log, 1, 10)] == [2, 3, 10]
    assert list(store.commits(log, 10, 10)) == []
    assert [store.head_before(log, at) for at in (100, 101, 1001, 5000)] == [0, 1, 10, 11]


def test_segments_come_newest_first(store, log):
    segments = [Segment(n, n * 10, (Run(1, 2),), bytes(16)) for n in (1, 12, 3)]
    for segment in segments:
        store.put_segment(log, segment)

    assert list(store.segments(log)) == [segments[1], segments[2], segments[0]]


def test_the_pointer_never_moves_back(store, log):
    assert store.folded(log) == 0
    for n in (5, 3, 9, 9):
        store.set_folded(log, n)

    assert store.folded(log) == 9


def test_a_page_changes_only_for_whoever_knows_it(store, log):
    first, second = page(7, w=1), page(7, w=4, names=("viewed", "bought"))
    assert store.put_page(log, "H", first, None)
    assert not store.put_page(log, "H", second, None)
    assert not store.put_page(log, "H", second, page(7, w=2))
    assert store.put_page(log, "H", second, first)
    assert not store.put_page(log, "H", page(7, w=9), first)
    assert not store.put_page(log, "H", page(8, w=9), first)

    assert store.pages(log, "H", [6, 7, 8]) == {7: [second]}
    assert store.pages(log, "D", [7]) == {}


def test_full_pages_are_followed_by_the_next_ones(store, log):
    full = page(3, names=[f"name {number}" for number in range(64)])
    rest = page(3, number=1)
    for stored_page in (full, rest, page(4), page(5)):
        assert store.put_page(log, "D", stored_page, None)

    assert store.pages(log, "D", [3, 4]) == {3: [full, rest], 4: [page(4)]}
    assert list(store.pages_between(log, "D", 3, 5)) == [full, rest, page(4)]
    assert list(store.pages_between(log, "D", 4, 4)) == []


def test_index_hours_come_newest_first_and_within_bounds(store, log):
    entries = [Entry(n, f"B#{n}", b"", 1, 2) for n in range(4)]
    for hour, through, index in ((5, 1, 0), (6, 1, 1), (6, 2, 2), (9, 2, 3)):
        store.put_hour(log, hour, through, [entries[index]])

    assert list(store.hours(log, 5, 6)) == [(6, [entries[2]]), (6, [entries[1]]), (5, [entries[0]])]
    assert [hour for hour, _ in store.hours(log, 0, 500)] == [9, 6, 6, 5]
    assert list(store.hours(log, 7, 6)) == []


def test_links_come_in_order_after_the_last_one_read_with_how_often_somebody_was_forgotten(store, log):
    first, second, third = (Link(EdgeKind.ALIAS, "a", "b", ts) for ts in range(3))
    for through, number, link in ((5, 0, first), (5, 1, second), (12, 0, third)):
        store.put_links(log, through, number, [link])

    generation, pieces = store.links(log, "")
    assert (generation, [(number, links) for _, number, links in pieces]) == (
        0,
        [(5, [first]), (5, [second]), (12, [third])],
    )
    assert store.set_forgotten(log, 1)
    assert not store.set_forgotten(log, 1)
    assert store.links(log, pieces[1][0]) == (1, pieces[2:])
    assert store.links(log, pieces[2][0]) == (1, [])


def test_index_pieces_are_found_by_their_bucket_until_they_are_dropped(store, log):
    places = [Postings((BlockRef(f"B#{number}"),), b"1234", b"\0\0") for number in range(4)]
    for depth, bucket, through, index in ((2, 1, 5, 0), (2, 1, 12, 1), (2, 11, 5, 2)):
        store.put_postings(log, depth, bucket, through, places[index])
    store.put_postings(log, 2, 1, 5, places[3], "ab")
    names = [keys.places(2, 1, 5), keys.places(2, 1, 5, "ab"), keys.places(2, 1, 12)]

    assert list(store.postings(log, 2, 1)) == list(zip(names, [places[0], places[3], places[1]], strict=True))
    assert [postings for _, postings in store.postings(log, 2, 11)] == places[2:3]
    assert list(store.postings(log, 1, 1)) == []
    store.drop_places(log, [names[0], names[2], *(keys.places(4, number, 9) for number in range(40))])
    assert list(store.postings(log, 2, 1)) == [(names[1], places[3])]


def test_progress_is_kept(store, log):
    assert store.progress(log) == Progress()
    store.set_progress(log, Progress("B#1", 3, 9))

    assert store.progress(log) == Progress("B#1", 3, 9)
    store.set_progress(log, Progress("B#1", 3, 9, 1, 7, 480_000))
    assert store.progress(log) == Progress("B#1", 3, 9, 1, 7, 480_000)


def test_whose_turn_it_was_is_remembered_and_is_no_log(store, log):
    before = list(store.logs())
    for turn_log in (log, Log(f"{log.client_id}-next", "1")):
        store.set_turn(turn_log)

        assert store.turn() == turn_log
    assert list(store.logs()) == before


def test_logs_do_not_see_each_other(store, log):
    other = Log(log.client_id + "x", "0")
    store.append(other, [b"a"], 1)
    store.put_commit(other, commit(1))

    assert store.head(log) == 0
    assert store.head(Log(log.client_id, "m")) == 0
    assert list(store.blocks_between(log, "B#", "C")) == []


def test_a_piece_of_links_is_replaced_only_as_it_was_read(store, log):
    one, other = Link(EdgeKind.ALIAS, "a", "b", 1), Link(EdgeKind.ALIAS, "c", "d", 2)
    store.put_links(log, 5, 0, [one, other])
    ((sk, _, _),) = store.links(log, "")[1]

    assert store.replace_links(log, sk, [other], [one, other])
    assert not store.replace_links(log, sk, [], [one, other])
    assert not store.replace_links(log, sk + "0", [], [])
    assert store.links(log, "")[1] == [(sk, 5, [other])]


def test_the_time_until_which_repeats_are_forgotten_never_moves_back(store, log):
    assert store.forgetting(log) == 0
    for until in (1_000, 3_000, 2_000):
        store.set_forgetting(log, until)

    assert store.forgetting(log) == 3_000
