"""What consumers write beside the blocks: commits, segments, rollup pages and the time index, and their bytes."""

from bisect import bisect_left
from collections.abc import Iterable
from decimal import Clamped, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from operator import attrgetter

import msgspec

from groundswell.events.eventlog.model import HOUR

EXACT = Context(prec=256, traps=[Inexact, InvalidOperation, Overflow, Clamped, DivisionByZero])
"""Sums lose no digit: 78 digits of a uint256, 18 decimals, and room to count. What does not fit is an error."""

_LATEST = 1 << 40


class Tally(msgspec.Struct, array_like=True, frozen=True, omit_defaults=True, gc=False):
    """How many events, and the sum of their values where they have any."""

    count: int
    total: Decimal | None = None

    def plus(self, other: "Tally") -> "Tally":
        count = self.count + other.count
        if self.total is None or other.total is None:
            return Tally(count, self.total if other.total is None else other.total)
        return Tally(count, EXACT.add(self.total, other.total))


PAGE_NAMES = 64
PAGES = 50
OTHER = ""

type Cells = dict[str, dict[int, Tally]]
"""Tallies by row and by minute (or hour) since 1970, or within their bucket in a rollup page.

A row is an event's name. Money has rows of its own (see `money_row`), so that currencies are never added up.
"""


def money_row(currency: str, name: str) -> str:
    """The row that sums, and does not count, what events of that name brought in that currency."""
    return f"\0{currency}\0{name}"


def row_of(row: str) -> tuple[str | None, str]:
    """The currency (None: the row counts events) and the event's name."""
    if not row.startswith("\0"):
        return None, row
    currency, _, name = row[1:].partition("\0")
    return currency, name


def add(cells: Cells, name: str, slot: int, tally: Tally) -> None:
    row = cells.setdefault(name, {})
    row[slot] = row[slot].plus(tally) if slot in row else tally


class Span(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The earliest and latest event of a block within one hour, of those that count or are second reports."""

    low: int
    high: int


class Committed(msgspec.Struct, array_like=True, frozen=True, omit_defaults=True):
    """One block in a commit. Bit i of `mask` (little-endian) says that event i does not count, as a duplicate or as
    erased; empty means all do. `merged` are those of the masked that are second reports of a fact, under ids of their
    own: they never count, but what they say of who is who does."""

    sk: str
    mask: bytes
    spans: tuple[Span, ...]
    merged: bytes = b""

    def counts(self, position: int) -> bool:
        return not _bit(self.mask, position)

    def merges(self, position: int) -> bool:
        return _bit(self.merged, position)


class Commit(msgspec.Struct, array_like=True, frozen=True):
    """Decision number `n` of a log, written once: which blocks count, which of their events do not, and the tallies.

    `at` is when it was decided, `received` the newest block's receive time, both in ms. An erasing commit is about
    blocks that were committed before: its masks are the ones to go by, its tallies are to be taken off.
    """

    n: int
    at: int
    received: int
    blocks: tuple[Committed, ...]
    cells: Cells
    erases: bool = False


class Run(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """So many ids in a row were received at that millisecond."""

    received: int
    count: int


class Segment(msgspec.Struct, array_like=True, frozen=True):
    """Hashes (8 bytes each) of the ids accepted by the commits up to `through`, in runs. Written at `at`."""

    through: int
    at: int
    runs: tuple[Run, ...]
    hashes: bytes


class Page(msgspec.Struct, array_like=True, frozen=True):
    """Part of a rollup bucket: the tallies of all commits up to `w`, for at most `PAGE_NAMES` names.

    A full page takes no new names, ever: they go to the next one, and what the last page cannot take is counted
    under `OTHER`. So an item never outgrows its limit, whatever a client calls its events.
    """

    bucket: int
    number: int
    w: int
    cells: Cells

    @property
    def full(self) -> bool:
        return len(self.cells) >= PAGE_NAMES


class Entry(msgspec.Struct, array_like=True, frozen=True, omit_defaults=True):
    """A committed block's part of one hour in the time index."""

    n: int
    sk: str
    mask: bytes
    low: int
    high: int
    merged: bytes = b""

    def counts(self, position: int) -> bool:
        return not _bit(self.mask, position)

    def merges(self, position: int) -> bool:
        return _bit(self.merged, position)


def _bit(bits: bytes, position: int) -> bool:
    byte, bit = divmod(position, 8)
    return byte < len(bits) and bits[byte] >> bit & 1 == 1


def mask(duplicates: Iterable[int]) -> bytes:
    """The bitmap of those positions."""
    bits = 0
    for position in duplicates:
        bits |= 1 << position
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def size(commit: Commit) -> int:
    """How many events it counted, or takes off."""
    return sum(tally.count for row in commit.cells.values() for tally in row.values())


def index_entries(commits: Iterable[Commit], first: int = 0, last: int = _LATEST) -> dict[int, list[Entry]]:
    """Where the commits' events lie in the hours from `first` to `last`, both inclusive, by hour since 1970. Looks at
    no other: a block of history has thousands."""
    hours: dict[int, list[Entry]] = {}
    for commit in commits:
        for block in commit.blocks:
            for span in block.spans[_place(block, first) : _place(block, last + 1)]:
                entry = Entry(commit.n, block.sk, block.mask, span.low, span.high, block.merged)
                hours.setdefault(span.low // HOUR, []).append(entry)
    return hours


def _place(block: Committed, hour: int) -> int:
    """Of the first span from that hour on."""
    return bisect_left(block.spans, hour * HOUR, key=attrgetter("low"))
