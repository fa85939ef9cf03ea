"""Where an identifier's events lie: pieces of an index, each written once by the fold that it belongs to. Pure.

A piece holds the first bytes of identifiers' digests, and for each the blocks it was seen in. It may name a block too
many, never one too few: who reads the block sees. A large piece is cut by the digests' first bits, so that who looks
for one identifier reads a part of it. `people.merging` puts pieces together, and cuts them finer.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from groundswell.events.eventlog.records import Committed
from groundswell.personal_data.identifiers import Identifier

MARK = 4
DEPTHS = range(0, 13, 2)
"""Into how many parts a piece may be cut, as powers of two."""
_DEEPEST_OF_A_FOLD = 8
_ENOUGH = 200  # marks in an item: about a write unit
_REF = 2


class BlockRef(msgspec.Struct, array_like=True, frozen=True, omit_defaults=True):
    """A block by its sort key, and the masks that its commit gave it."""

    sk: str
    mask: bytes = b""
    merged: bytes = b""

    def counts(self, position: int) -> bool:
        return Committed(self.sk, self.mask, ()).counts(position)

    def merges(self, position: int) -> bool:
        return Committed(self.sk, b"", (), self.merged).merges(position)


class Postings(msgspec.Struct, array_like=True, frozen=True):
    """Blocks; identifiers' marks in order; and for each mark the number of a block, two bytes each."""

    blocks: tuple[BlockRef, ...]
    marks: bytes
    refs: bytes

    def of(self, marks: Iterable[bytes]) -> Iterator[BlockRef]:
        """The blocks of any of the marks."""
        for person_mark in marks:
            at = self.marks.find(person_mark)
            while at >= 0:
                if at % MARK == 0:
                    yield self._block(at // MARK)
                at = self.marks.find(person_mark, at + 1)

    def pairs(self) -> Iterator[tuple[BlockRef, bytes]]:
        """Each mark with each of its blocks."""
        for number in range(len(self.marks) // MARK):
            yield self._block(number), self.marks[number * MARK : (number + 1) * MARK]

    def _block(self, number: int) -> BlockRef:
        return self.blocks[int.from_bytes(self.refs[number * _REF : (number + 1) * _REF], "big")]


def mark(client_id: str, identifier: Identifier) -> bytes:
    return identifier.digest(client_id)[:MARK]


def bucket(mark: bytes, depth: int) -> int:
    """Which of the 2^depth parts of a piece the mark is in."""
    return int.from_bytes(mark[:2], "big") >> (16 - depth)


def divided(seen: Mapping[BlockRef, Iterable[bytes]], depth: int | None = None) -> Iterator[tuple[int, int, Postings]]:
    """A piece in its parts: (depth, bucket, content). `seen` are the marks by block; without a depth, one that fits."""
    numbers = {spot: number for number, spot in enumerate(seen)}
    pairs = sorted({(mark, numbers[spot]) for spot, marks in seen.items() for mark in marks})
    if depth is None:
        depth = min(_DEEPEST_OF_A_FOLD, max(0, (len(pairs) // _ENOUGH).bit_length() - 1) // 2 * 2)
    parts: dict[int, list[tuple[bytes, int]]] = {}
    for pair in pairs:
        parts.setdefault(bucket(pair[0], depth), []).append(pair)
    spots = list(seen)
    for number, group in parts.items():
        used = {ref: at for at, ref in enumerate(sorted({ref for _, ref in group}))}
        refs = b"".join(used[ref].to_bytes(_REF, "big") for _, ref in group)
        yield depth, number, Postings(tuple(spots[ref] for ref in used), b"".join(mark for mark, _ in group), refs)
