"""The packed memory of accepted ids says what plain lists of times say."""

import random

import pytest

from groundswell.events.eventlog.model import DAY, WINDOW
from groundswell.events.rollups import accepted
from groundswell.events.rollups.accepted import Accepted

START = 1_764_000_000_000


class Plain:
    def __init__(self):
        self.times = {}

    def seen(self, digest, received):
        return any(abs(received - at) < WINDOW for at in self.times.get(digest, ()))

    def add(self, digest, received):
        self.times.setdefault(digest, set()).add(received)

    def forget(self, before):
        self.times = {digest: {at for at in times if at >= before} for digest, times in self.times.items()}

    def __len__(self):
        return sum(map(len, self.times.values()))


@pytest.mark.parametrize("seed", range(8))
def test_it_says_what_plain_lists_say_whatever_was_added_and_forgotten(seed, monkeypatch):
    monkeypatch.setattr(accepted, "_LONG", 3)
    chosen, packed, plain, before = random.Random(seed), Accepted(), Plain(), 0
    few = 1 + seed % 4  # of which bytes digests consist: few make hits between records, and full buckets
    digests = [bytes(chosen.choices(range(few) if few > 1 else range(256), k=8)) for _ in range(400)]
    for step in range(4_000):
        digest = chosen.choice(digests)
        received = (
            START
            + step * WINDOW // 2_000
            + chosen.choice([0, 0, 1, -DAY, -WINDOW, WINDOW, chosen.randrange(-DAY, DAY)])
        )
        assert packed.seen(digest, received) == plain.seen(digest, received)
        if received >= before and (not plain.seen(digest, received) or chosen.random() < 0.1):
            packed.add(digest, received)
            plain.add(digest, received)
        if step % 500 == 499:
            before = received - WINDOW
            packed.forget(before)
            plain.forget(before)
        assert len(packed) == len(plain)
    assert len(plain) > 100


def test_an_id_is_new_again_exactly_seven_days_before_and_after():
    packed = Accepted()
    packed.add(b"8 bytes.", START)

    assert packed.seen(b"8 bytes.", START)
    for way in (-1, 1):
        assert packed.seen(b"8 bytes.", START + way * (WINDOW - 1))
        assert not packed.seen(b"8 bytes.", START + way * WINDOW)


def test_what_lies_across_two_records_is_no_id():
    packed, time = Accepted(), START.to_bytes(6)
    packed.add(b"firstone", START)
    packed.add(b"o" + time + b"r", START)
    across = b"e" + time + b"o"  # and the same time after it

    assert not packed.seen(across, START)
    packed.add(across, START)
    assert packed.seen(across, START)
    assert len(packed) == 3


def test_a_record_that_others_make_up_between_them_is_added_all_the_same():
    packed, zero = Accepted(), 0
    for digest in (bytes(8), bytes(7) + b"\1", bytes(6) + b"\1\0"):
        packed.add(digest, zero)
        packed.add(digest, zero)
        assert packed.seen(digest, zero)
    assert len(packed) == 3


def test_what_is_forgotten_is_what_was_received_before_and_no_more():
    packed = Accepted()
    for at, digest in enumerate((b"just old", b"just new", b"very new")):
        packed.add(digest, START + at)

    packed.forget(START + 1)

    assert not packed.seen(b"just old", START)
    assert packed.seen(b"just new", START)
    assert len(packed) == 2


def test_an_id_takes_less_than_twenty_bytes_however_many_there_are():
    """By what Python says of its objects, and for each what its allocator adds."""
    chosen, packed = random.Random(1), Accepted()
    for number in range(1, 40_001):
        packed.add(chosen.randbytes(8), START + number)
        if number % 4_000 == 0:
            buckets = {id(bucket): bucket for bucket in packed._buckets}.values()
            inside = sum(16 + bucket.__sizeof__() for bucket in buckets)
            outside = packed._buckets.__sizeof__() + packed._depths.__sizeof__()
            assert sum(map(len, buckets)) == 14 * number
            assert (inside + outside) / number < 20


def test_buckets_grow_and_halve_at_different_times():
    chosen, packed = random.Random(1), Accepted()
    for number in range(1, 50_001):
        packed.add(chosen.randbytes(8), START + number)
        if number > 10_000 and number % 2_000 == 0:
            full = sorted(len(bucket) for bucket in {id(bucket): bucket for bucket in packed._buckets}.values())
            assert full[-len(full) // 10] > 1.5 * full[len(full) // 10], number


def test_digests_that_are_all_alike_take_no_room_for_others():
    packed = Accepted()
    for number in range(2_000):
        packed.add(bytes(6) + number.to_bytes(2), START)

    assert len(packed._buckets) < 2_000
    assert packed.seen(bytes(6) + b"\7\0", START)
