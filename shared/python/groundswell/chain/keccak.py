"""Keccak-256 as Ethereum hashes: SHA-3 before NIST changed its padding, which no standard library has."""

from functools import cache

_RATE = 136  # bytes of 1600 bits that a block fills, for 256 bits of digest
_PADDING = b"\x01"
_MASK = (1 << 64) - 1


@cache
def _constants() -> tuple[tuple[int, ...], tuple[tuple[int, int, int], ...]]:
    """Per round what `iota` adds; per lane where `rho` and `pi` move it to and how far it turns (FIPS 202, 3.2)."""
    register, rounds = 1, []
    for _ in range(24):
        constant = 0
        for bit in range(7):
            constant |= (register & 1) << ((1 << bit) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        rounds.append(constant)
    moves, x, y = [(0, 0, 0)], 1, 0
    for step in range(24):
        moves.append((x + 5 * y, y + 5 * ((2 * x + 3 * y) % 5), (step + 1) * (step + 2) // 2 % 64))
        x, y = y, (2 * x + 3 * y) % 5
    return tuple(rounds), tuple(moves)


def keccak256(data: bytes) -> bytes:
    padded = bytearray(data + _PADDING + bytes(-(len(data) + 1) % _RATE))
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            at = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permuted(a: list[int]) -> list[int]:
    rounds, moves = _constants()
    b = [0] * 25
    for constant in rounds:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[x - 1] ^ ((c[(x + 1) % 5] << 1 | c[(x + 1) % 5] >> 63) & _MASK) for x in range(5)]
        for source, target, turn in moves:
            lane = a[source] ^ d[source % 5]
            b[target] = (lane << turn | lane >> (64 - turn)) & _MASK
        for y in (0, 5, 10, 15, 20):
            p, q, r, s, t = b[y : y + 5]
            a[y : y + 5] = p ^ ~q & r, q ^ ~r & s, r ^ ~s & t, s ^ ~t & p, t ^ ~p & q
        a[0] ^= constant
    return a
