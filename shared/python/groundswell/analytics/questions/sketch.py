"""Counting distinct things in 16 KB: HyperLogLog with 2^14 registers (Flajolet et al. 2007, 64-bit hashes), read by the
estimator of Ertl 2017 ("New cardinality estimation algorithms for HyperLogLog sketches", algorithm 6), which needs no
correction tables. Exact up to `SPARSE` members."""

from collections.abc import Iterable
from hashlib import blake2b
from math import inf, log, sqrt

PRECISION = 14
REGISTERS = 1 << PRECISION
STANDARD_ERROR = round(1.04 / sqrt(REGISTERS), 4)
SPARSE = 2048
"""So many 64-bit hashes take as much space as the registers."""
_HASH = 8
_RANKS = 64 - PRECISION
_ALPHA = 1 / (2 * log(2))
_VERSION = b"\x01"
_SPARSE, _DENSE = b"s", b"d"


class Sketch:
    """A set that can be added to, merged, counted and written down; what is in it cannot be told."""

    def __init__(self, members: Iterable[str] = ()) -> None:
        self._hashes: set[int] | None = set()
        self._registers = bytearray()
        for member in members:
            self.add(member)

    @property
    def exact(self) -> bool:
        return self._hashes is not None

    def add(self, member: str) -> None:
        digest = blake2b(member.encode("utf-8", "surrogatepass"), digest_size=_HASH).digest()
        self._add(int.from_bytes(digest))

    def merge(self, other: "Sketch") -> None:
        """Afterwards this holds what either held."""
        hashes, registers = other._hashes, other._registers  # noqa: SLF001 - of its own class
        if hashes is not None:
            for digest in hashes:
                self._add(digest)
            return
        self._spread()
        self._registers = bytearray(map(max, self._registers, registers))

    def count(self) -> int:
        """Exact up to `SPARSE`, else with a standard error of `STANDARD_ERROR`."""
        return len(self._hashes) if self._hashes is not None else round(self._estimate())

    def to_bytes(self) -> bytes:
        if self._hashes is None:
            return _VERSION + _DENSE + bytes(self._registers)
        return _VERSION + _SPARSE + b"".join(digest.to_bytes(_HASH) for digest in sorted(self._hashes))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Sketch":
        """Raises ValueError for what `to_bytes` of this version did not write."""
        kind, body, sketch = data[:2], data[2:], cls()
        if kind == _VERSION + _SPARSE and len(body) % _HASH == 0 and len(body) <= SPARSE * _HASH:
            sketch._hashes = {int.from_bytes(body[at : at + _HASH]) for at in range(0, len(body), _HASH)}
        elif kind == _VERSION + _DENSE and len(body) == REGISTERS and max(body) <= _RANKS + 1:
            sketch._hashes, sketch._registers = None, bytearray(body)
        else:
            raise ValueError(f"no sketch of version {_VERSION[0]}")
        return sketch

    def _add(self, hashed: int) -> None:
        if self._hashes is None:
            self._register(hashed)
            return
        self._hashes.add(hashed)
        if len(self._hashes) > SPARSE:
            self._spread()

    def _spread(self) -> None:
        if self._hashes is not None:
            hashes, self._hashes, self._registers = self._hashes, None, bytearray(REGISTERS)
            for digest in hashes:
                self._register(digest)

    def _register(self, hashed: int) -> None:
        at, rest = hashed >> _RANKS, hashed & ((1 << _RANKS) - 1)
        rank = _RANKS - rest.bit_length() + 1
        if rank > self._registers[at]:
            self._registers[at] = rank

    def _estimate(self) -> float:
        counts = [self._registers.count(rank) for rank in range(_RANKS + 2)]
        z = REGISTERS * _tau(1 - counts[_RANKS + 1] / REGISTERS)
        for rank in range(_RANKS, 0, -1):
            z = (z + counts[rank]) / 2
        z += REGISTERS * _sigma(counts[0] / REGISTERS)
        return _ALPHA * REGISTERS * REGISTERS / z


def _sigma(x: float) -> float:
    if x == 1:
        return inf
    y, z, before = 1.0, x, -1.0
    while z != before:
        x *= x
        before, z, y = z, z + x * y, y * 2
    return z


def _tau(x: float) -> float:
    if x in (0, 1):
        return 0.0
    y, z, before = 1.0, 1 - x, -1.0
    while z != before:
        x = sqrt(x)
        y /= 2
        before, z = z, z - (1 - x) ** 2 * y
    return z / 3
