"""Ids that a log accepted, packed: 14 bytes each and a little more, where a dict takes 146.

A record is an id's digest and when it was received. Records lie in buckets chosen by the digest's first bits, and are
found by `bytes.find`: there are ever more buckets, so that none is long, and one while there is little to hold.
"""

from struct import Struct

from groundswell.eventlog.identity import SIZE
from groundswell.eventlog.model import WINDOW

_TIME = 6  # bytes of a time in ms, big-endian: they sort as times do
_RECORD = SIZE + _TIME
_LONG = 64  # records in a bucket, on average: then there are twice as many buckets
_HEAD = 4  # bytes of a digest that choose a bucket
_records = Struct(f"{_RECORD}s").iter_unpack


class Accepted:
    def __init__(self) -> None:
        self._buckets = [b""]
        self._shift = 8 * _HEAD
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def seen(self, digest: bytes, received: int) -> bool:
        """Whether the id was accepted in a block received less than `WINDOW` before or after."""
        bucket = self._buckets[int.from_bytes(digest[:_HEAD]) >> self._shift]
        at = bucket.find(digest)
        while at >= 0:
            if at % _RECORD == 0:
                accepted = int.from_bytes(bucket[at + SIZE : at + _RECORD])
                if -WINDOW < received - accepted < WINDOW:
                    return True
            at = bucket.find(digest, at + 1)
        return False

    def add(self, digest: bytes, received: int) -> None:
        """Once, however often it is said: segments of several consumers overlap."""
        record = digest + received.to_bytes(_TIME)
        number = int.from_bytes(digest[:_HEAD]) >> self._shift
        bucket = self._buckets[number]
        at = bucket.find(record)
        while at % _RECORD and at >= 0:
            at = bucket.find(record, at + 1)
        if at >= 0:
            return
        self._buckets[number] = bucket + record
        self._count += 1
        if self._count > _LONG * len(self._buckets) and self._shift:
            self._spread()

    def forget(self, before: int) -> None:
        """What was received before that time."""
        floor, left = max(before, 0).to_bytes(_TIME), 0
        for number, bucket in enumerate(self._buckets):
            kept = b"".join([record for (record,) in _records(bucket) if record[SIZE:] >= floor])
            self._buckets[number] = kept
            left += len(kept)
        self._count = left // _RECORD

    def _spread(self) -> None:
        byte, bit = divmod(8 * _HEAD - self._shift, 8)
        self._shift -= 1
        buckets, old = list[bytes](), self._buckets[::-1]
        while old:  # one by one: there is no room for both
            halves: tuple[list[bytes], list[bytes]] = [], []
            for (record,) in _records(old.pop()):
                halves[record[byte] >> 7 - bit & 1].append(record)
            buckets += [b"".join(half) for half in halves]
        self._buckets = buckets
