"""What services ask of the log's storage. Reads see every write that came before them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from groundswell.events.eventlog.identity_graph import Link
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.people_index import Postings
from groundswell.events.eventlog.records import Commit, Entry, Page, Segment

NONE_YET = 1 << 40
"""After every hour."""


class Progress(msgspec.Struct, array_like=True, frozen=True):
    """How far reconcile has looked at a log: blocks up to `sk` (exclusive), none of them committed at or before
    commit `floor`, and old hours down to `hour` (exclusive). `lost` blocks could not be committed: no index
    has them. Of what commits up to `through` touched (0: none is under way), hours from `reached` on are done."""

    sk: str = "B#"
    floor: int = 0
    hour: int = 0
    lost: int = 0
    through: int = 0
    reached: int = NONE_YET


class EventLog(Protocol):
    """The records of a log. Everything written under `if absent` or `if unchanged` has one winner."""

    def logs(self) -> Iterator[Log]:
        """Every log that ever got a block."""
        ...

    def blocks(self, log: Log, keys: Iterable[str]) -> Mapping[str, bytes]:
        """The blocks that exist, by sort key."""
        ...

    def blocks_between(self, log: Log, start: str, end: str) -> Iterator[tuple[str, bytes]]:
        """Blocks with `start` <= sort key < `end`, oldest first."""
        ...

    def rewrite_block(self, log: Log, sk: str, data: bytes, previous: bytes) -> bool:
        """If the stored block still is `previous`. False when it is not."""
        ...

    def head(self, log: Log) -> int:
        """The newest commit's number; 0 if there is none."""
        ...

    def head_before(self, log: Log, at: int) -> int:
        """The newest commit decided before that time; 0 if there is none."""
        ...

    def commits(self, log: Log, after: int, through: int | None = None) -> Iterator[Commit]:
        """In order."""
        ...

    def put_commit(self, log: Log, commit: Commit) -> bool:
        """If that number is free. False when it is not."""
        ...

    def segments(self, log: Log) -> Iterator[Segment]:
        """Newest first."""
        ...

    def put_segment(self, log: Log, segment: Segment) -> None: ...

    def folded(self, log: Log) -> int:
        """The commit up to which rollups and time index are complete."""
        ...

    def set_folded(self, log: Log, n: int) -> None:
        """Never moves back."""
        ...

    def pages(self, log: Log, unit: str, buckets: Sequence[int]) -> dict[int, list[Page]]:
        """The rollup pages of each bucket that has any, in order."""
        ...

    def pages_between(self, log: Log, unit: str, start: int, end: int) -> Iterator[Page]:
        """Of the buckets `start` <= bucket < `end`, in order."""
        ...

    def put_page(self, log: Log, unit: str, page: Page, previous: Page | None) -> bool:
        """If the stored page still is `previous` by its watermark. False when it is not."""
        ...

    def put_hour(self, log: Log, hour: int, through: int, entries: Sequence[Entry]) -> None: ...

    def hours(self, log: Log, first: int, last: int) -> Iterator[tuple[int, list[Entry]]]:
        """Index entries of the hours `first` to `last`, both inclusive, newest hour first.

        An hour may come in pieces, and a block more than once."""
        ...

    def put_links(self, log: Log, through: int, number: int, links: Sequence[Link]) -> None: ...

    def replace_links(self, log: Log, sk: str, links: Sequence[Link], previous: Sequence[Link]) -> bool:
        """If the piece still says `previous`. False when it does not."""
        ...

    def links(self, log: Log, after: str) -> tuple[int, list[tuple[str, int, list[Link]]]]:
        """How often somebody was forgotten, and the pieces after that sort key: (sort key, commit, links)."""
        ...

    def set_forgotten(self, log: Log, n: int) -> bool:
        """How often somebody was forgotten. False if it was as often already."""
        ...

    def put_postings(self, log: Log, depth: int, bucket: int, through: int, places: Postings, origin: str = "") -> None:
        """`origin` tells merged pieces apart by what they were made from; a fold's have none."""
        ...

    def postings(self, log: Log, depth: int, bucket: int) -> Iterator[tuple[str, Postings]]:
        """Of all folds: (sort key, content), in the order of the keys, which `keys.places` makes."""
        ...

    def drop_places(self, log: Log, sks: Sequence[str]) -> None:
        """Some may stay, if the store has no time for them."""
        ...

    def forgetting(self, log: Log) -> int:
        """Repeats received before that time (ms) keep their marks only; 0 if there is no such time."""
        ...

    def set_forgetting(self, log: Log, until: int) -> None:
        """Never moves back."""
        ...

    def progress(self, log: Log) -> Progress: ...

    def set_progress(self, log: Log, progress: Progress) -> None: ...

    def turn(self) -> Log | None:
        """Which log reconcile looked at last; None before the first."""
        ...

    def set_turn(self, log: Log) -> None: ...
