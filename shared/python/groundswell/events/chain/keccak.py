"""Keccak-256 as Ethereum hashes: SHA-3 before NIST changed its padding, which no standard library has."""

from functools import cache

_RATE = 136  # bytes of 1600 bits that a block fills, for 256 bits of digest
_PADDING = b"\x01"
_MASK = (1 << 64) - 1


@cache
def _constants() -> tuple[tuple[int, ...], tuple[tuple[int, int, int, int], ...]]:
    """Per round what `iota` adds; per lane where `rho` and `pi` take it from, its column, its turn (FIPS 202)."""
    register, rounds = 1, []
    for _ in range(24):
        constant = 0
        for bit in range(7):
            constant |= (register & 1) << ((1 << bit) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        rounds.append(constant)
    moves, x, y = {0: (0, 0, 0, 64)}, 1, 0
    for step in range(24):
        turn = (step + 1) * (step + 2) // 2 % 64
        moves[y + 5 * ((2 * x + 3 * y) % 5)] = (x + 5 * y, x, turn, 64 - turn)
        x, y = y, (2 * x + 3 * y) % 5
    return tuple(rounds), tuple(moves[target] for target in range(25))


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
    for constant in rounds:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in (0, 1, 2, 3, 4)]
        turned = [(word << 1 | word >> 63) & _MASK for word in c]
        d = [c[x - 1] ^ turned[x - 4] for x in (0, 1, 2, 3, 4)]
        b = [((lane := a[source] ^ d[x]) << turn | lane >> rest) & _MASK for source, x, turn, rest in moves]
        a = []
        for p, q, r, s, t in (b[0:5], b[5:10], b[10:15], b[15:20], b[20:25]):
            a += (p ^ ~q & r, q ^ ~r & s, r ^ ~s & t, s ^ ~t & p, t ^ ~p & q)
        a[0] ^= constant
    return a
