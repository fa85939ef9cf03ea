"""The event log in memory, with the same promises as the table: conditional puts have one winner."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.identity_graph import Link
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.people_index import Postings
from groundswell.events.eventlog.port import Progress
from groundswell.events.eventlog.records import Commit, Entry, Page, Segment
from groundswell.events.eventlog.zstd import from_bytes, to_bytes


class Crash(Exception):
    """The process died at this call."""


class FakeEventLog:
    """`EventLog` and `BlockWriter`. Records go through their bytes, as they do in the table.

    `before` is called ahead of every call and may raise Crash; `after` follows every write, so that a test can lose
    the answer to a write that was made, or let another consumer in.
    """

    def __init__(self) -> None:
        self.items: dict[str, dict[str, bytes]] = {}
        self.calls = self._appended = 0
        self.spread = False  # whether blocks go to all write_shards
        self.before = lambda name: None
        self.after = lambda name: None

    def append(self, log: Log, blocks: Sequence[bytes], received: int) -> list[str]:
        self._enter("append")
        self._partition("LOGS")[keys.partition(log)] = b""
        names = []
        for block in blocks:
            self._appended += 1
            names.append(keys.block(received, f"{self._appended:012x}", spread=self.spread))
            self._partition(keys.write_shard(log, names[-1]))[names[-1]] = block
        return names

    def logs(self) -> Iterator[Log]:
        return iter(dict.fromkeys(keys.log_of(key) for key in sorted(self._partition("LOGS"))))

    def blocks(self, log: Log, keys_: Iterable[str]) -> dict[str, bytes]:
        self._enter("blocks")
        write_shards = {sk: self._partition(keys.write_shard(log, sk)) for sk in keys_}
        return {sk: write_shard[sk] for sk, write_shard in write_shards.items() if sk in write_shard}

    def blocks_between(self, log: Log, start: str, end: str) -> Iterator[tuple[str, bytes]]:
        self._enter("blocks_between")
        return merge(*(list(self._range(write_shard, start, end)) for write_shard in self.write_shards(log)))

    def write_shards(self, log: Log) -> Sequence[str]:
        """As the table does, it looks into those it was told of."""
        sharded = self.spread or keys.has_write_shards(log) in self._partition("LOGS")
        return keys.write_shards(log) if sharded else (keys.partition(log),)

    def rewrite_block(self, log: Log, sk: str, data: bytes, previous: bytes) -> bool:
        return self._put(keys.write_shard(log, sk), sk, data, lambda old: old == previous)

    def head(self, log: Log) -> int:
        return max((int(sk[2:]) for sk in self._partition(keys.partition(log, "L")) if sk.startswith("C#")), default=0)

    def head_before(self, log: Log, at: int) -> int:
        return max((commit.n for commit in self.commits(log, 0) if commit.at < at), default=0)

    def commits(self, log: Log, after: int, through: int | None = None) -> Iterator[Commit]:
        self._enter("commits")
        last = keys.commit(through + 1) if through is not None else "C~"
        rows = list(self._range(keys.partition(log, "L"), keys.commit(after + 1), last))
        return (from_bytes(data, Commit) for _, data in rows)

    def put_commit(self, log: Log, commit: Commit) -> bool:
        return self._put(keys.partition(log, "L"), keys.commit(commit.n), to_bytes(commit), lambda old: old is None)

    def segments(self, log: Log) -> Iterator[Segment]:
        self._enter("segments")
        rows = sorted(self._partition(keys.partition(log, "F")).items(), reverse=True)
        return (from_bytes(data, Segment) for _, data in rows)

    def put_segment(self, log: Log, segment: Segment) -> None:
        self._put(keys.partition(log, "F"), keys.segment(segment.through), to_bytes(segment))

    def folded(self, log: Log) -> int:
        self._enter("folded")
        return int(self._partition(keys.partition(log, "L")).get("M", b"0"))

    def set_folded(self, log: Log, n: int) -> None:
        self._put(keys.partition(log, "L"), "M", b"%d" % n, lambda old: old is None or int(old) < n)

    def pages(self, log: Log, unit: str, buckets: Sequence[int]) -> dict[int, list[Page]]:
        self._enter("pages")
        pages_by_bucket: dict[int, list[Page]] = {}
        for page in self.pages_between(log, unit, min(buckets), max(buckets) + 1):
            if page.bucket in buckets:
                pages_by_bucket.setdefault(page.bucket, []).append(page)
        return pages_by_bucket

    def pages_between(self, log: Log, unit: str, start: int, end: int) -> Iterator[Page]:
        rows = list(self._range(keys.partition(log, "R"), keys.page(unit, start, 0), keys.page(unit, end, 0)))
        return (from_bytes(data, Page) for _, data in rows)

    def put_page(self, log: Log, unit: str, page: Page, previous: Page | None) -> bool:
        def unchanged(old: bytes | None) -> bool:
            if old is None or previous is None:
                return old is None and previous is None
            return from_bytes(old, Page).w == previous.w

        sk = keys.page(unit, page.bucket, page.number)
        return self._put(keys.partition(log, "R"), sk, to_bytes(page), unchanged)

    def put_hour(self, log: Log, hour: int, through: int, entries: Sequence[Entry]) -> None:
        self._put(keys.partition(log, "T"), keys.hour(hour, through), to_bytes(list(entries)))

    def hours(self, log: Log, first: int, last: int) -> Iterator[tuple[int, list[Entry]]]:
        self._enter("hours")
        rows = list(self._range(keys.partition(log, "T"), keys.hour(first, 0), keys.hour(last + 1, 0)))
        return ((int(sk[:8]), from_bytes(data, list[Entry])) for sk, data in reversed(rows))

    def put_links(self, log: Log, through: int, number: int, links: Sequence[Link]) -> None:
        self._put(keys.partition(log, "P"), keys.links(through, number), to_bytes(list(links)))

    def replace_links(self, log: Log, sk: str, links: Sequence[Link], previous: Sequence[Link]) -> bool:
        unchanged = lambda old: old is not None and from_bytes(old, list[Link]) == list(previous)  # noqa: E731
        return self._put(keys.partition(log, "P"), sk, to_bytes(list(links)), unchanged)

    def links(self, log: Log, after: str) -> tuple[int, list[tuple[str, int, list[Link]]]]:
        self._enter("links")
        rows = self._range(keys.partition(log, "P"), f"{after} " if after else "P", keys.FORGOTTEN)
        generation = int(self._partition(keys.partition(log, "P")).get(keys.FORGOTTEN, b"0"))
        return generation, [(sk, int(sk.split("#")[1]), from_bytes(data, list[Link])) for sk, data in rows]

    def set_forgotten(self, log: Log, n: int) -> bool:
        older = lambda old: old is None or int(old) < n  # noqa: E731
        return self._put(keys.partition(log, "P"), keys.FORGOTTEN, b"%d" % n, older)

    def put_postings(self, log: Log, depth: int, bucket: int, through: int, places: Postings, origin: str = "") -> None:
        self._put(keys.partition(log, "U"), keys.places(depth, bucket, through, origin), to_bytes(places))

    def postings(self, log: Log, depth: int, bucket: int) -> Iterator[tuple[str, Postings]]:
        self._enter("places")
        prefix = f"{depth}#{bucket:03d}#"
        rows = list(self._range(keys.partition(log, "U"), prefix, prefix + "~"))
        return ((sk, from_bytes(data, Postings)) for sk, data in rows)

    def drop_places(self, log: Log, sks: Sequence[str]) -> None:
        """One at a time, so that who dies on the way has dropped some."""
        for sk in sks:
            self._enter("drop")
            self._partition(keys.partition(log, "U")).pop(sk, None)
            self.after("drop")

    def forgetting(self, log: Log) -> int:
        self._enter("forgetting")
        return int(self._partition(keys.partition(log, "L")).get(keys.FORGETTING, b"0"))

    def set_forgetting(self, log: Log, until: int) -> None:
        later = lambda old: old is None or int(old) < until  # noqa: E731
        self._put(keys.partition(log, "L"), keys.FORGETTING, b"%d" % until, later)

    def progress(self, log: Log) -> Progress:
        data = self._partition(keys.partition(log, "L")).get("V")
        return from_bytes(data, Progress) if data else Progress()

    def set_progress(self, log: Log, progress: Progress) -> None:
        self._put(keys.partition(log, "L"), "V", to_bytes(progress))

    def turn(self) -> Log | None:
        data = self._partition("TURN").get("V")
        return keys.log_of(data.decode()) if data else None

    def set_turn(self, log: Log) -> None:
        self._put("TURN", "V", keys.partition(log).encode())

    def _partition(self, pk: str) -> dict[str, bytes]:
        return self.items.setdefault(pk, {})

    def _range(self, pk: str, start: str, end: str) -> Iterator[tuple[str, bytes]]:
        return iter([(sk, data) for sk, data in sorted(self._partition(pk).items()) if start <= sk < end])

    def _put(self, pk: str, sk: str, data: bytes, allowed=lambda old: True) -> bool:
        self._enter("put")
        won = allowed(self._partition(pk).get(sk))
        if won:
            self._partition(pk)[sk] = data
        self.after("put")
        return won

    def _enter(self, name: str) -> None:
        self.calls += 1
        self.before(name)
