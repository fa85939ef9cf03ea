"""Ids that a log accepted, packed: 14 bytes each and a little more, where a dict takes 146.

A record is an id's digest and when it was received. Records lie in buckets chosen by the digest's first bits, and are
found by `bytes.find`, so none may be long: a bucket that is becomes two, by one bit more (extendible hashing). Each has
its own limit. Had they all one, all would grow and halve at the same time, and leave memory behind in pieces that
nobody needs any more: half as much again.
"""

from collections.abc import Iterator
from struct import Struct

from groundswell.events.eventlog.identity import SIZE
from groundswell.events.eventlog.model import WINDOW

_TIME = 6  # bytes of a time in ms, big-endian: they sort as times do
_RECORD = SIZE + _TIME
_LONG = 40  # records: a bucket's limit is between this and twice as many
_HEAD = 4  # bytes of a digest that choose a bucket
_records = Struct(f"{_RECORD}s").iter_unpack


class Accepted:
    def __init__(self) -> None:
        self._buckets = [b""]  # by the first bits; the same one several times where it goes by fewer
        self._depths = bytearray(1)  # by how many bits it goes
        self._bits = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def seen(self, digest: bytes, received: int) -> bool:
        """Whether the id was accepted in a block received less than `WINDOW` before or after."""
        bucket = self._buckets[self._place(digest)]
        at = bucket.find(digest)
        while at >= 0:
            if at % _RECORD == 0:
                accepted = int.from_bytes(bucket[at + SIZE : at + _RECORD])
                if -WINDOW < received - accepted < WINDOW:
                    return True
            at = bucket.find(digest, at + 1)
        return False

    def took(self, digest: bytes, received: int) -> bool:
        """Whether the id was accepted in a block received at that very time."""
        record = digest + received.to_bytes(_TIME)
        bucket = self._buckets[self._place(digest)]
        return _find(bucket, record) >= 0

    def add(self, digest: bytes, received: int) -> None:
        """Once, however often it is said: segments of several consumers overlap."""
        record = digest + received.to_bytes(_TIME)
        place = self._place(digest)
        bucket = self._buckets[place]
        if _find(bucket, record) >= 0:
            return
        self._count += 1
        self._put(place, bucket + record)
        number = place >> self._bits - self._depths[place]
        if len(bucket) >= _RECORD * (_LONG + (number * 40503 >> 4) % _LONG):
            self._split(place)

    def forget(self, before: int) -> None:
        """What was received before that time."""
        floor, left = max(before, 0).to_bytes(_TIME), 0
        for place in self._places():
            kept = [record for (record,) in _records(self._buckets[place]) if record[SIZE:] >= floor]
            self._put(place, b"".join(kept))
            left += len(kept)
        self._count = left

    def _place(self, digest: bytes) -> int:
        return int.from_bytes(digest[:_HEAD]) >> 8 * _HEAD - self._bits

    def _places(self) -> Iterator[int]:
        """The first of each bucket."""
        place = 0
        while place < len(self._buckets):
            yield place
            place += 1 << self._bits - self._depths[place]

    def _put(self, place: int, bucket: bytes) -> None:
        copies = 1 << self._bits - self._depths[place]
        if copies == 1:
            self._buckets[place] = bucket
        else:
            first = place & -copies
            self._buckets[first : first + copies] = [bucket] * copies

    def _split(self, place: int) -> None:
        depth = self._depths[place]
        if depth == self._bits:
            if len(self._buckets) > self._count // 4:
                return  # for digests that are all alike there is nothing to gain
            self._buckets = [bucket for bucket in self._buckets for _ in range(2)]
            self._depths = bytearray(depth for depth in self._depths for _ in range(2))
            self._bits, place = self._bits + 1, place * 2
        copies = 1 << self._bits - depth
        first, (byte, bit) = place & -copies, divmod(depth, 8)
        halves: tuple[list[bytes], list[bytes]] = [], []
        for (record,) in _records(self._buckets[place]):
            halves[record[byte] >> 7 - bit & 1].append(record)
        self._depths[first : first + copies] = bytes([depth + 1]) * copies
        self._put(first, b"".join(halves[0]))
        self._put(first + copies // 2, b"".join(halves[1]))


def _find(bucket: bytes, record: bytes) -> int:
    """Where a record begins; negative if there is none."""
    at = bucket.find(record)
    while at % _RECORD and at >= 0:
        at = bucket.find(record, at + 1)
    return at
