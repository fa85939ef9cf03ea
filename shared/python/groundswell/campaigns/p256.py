"""Whether an ECDSA signature on P-256 is genuine (FIPS 186-5 §6.4.2), as SendGrid signs its reports.

Checking a signature needs no secret, so plain arithmetic has nothing to leak.
"""

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
type Point = tuple[int, int]


def genuine(public: bytes, signature: bytes, digest: bytes) -> bool:
    """`public` is a SubjectPublicKeyInfo, `signature` r and s, both in DER; `digest` is SHA-256's."""
    key, pair = _key(public), _pair(signature)
    if key is None or pair is None:
        return False
    r, s = pair
    if not (0 < r < N and 0 < s < N):
        return False
    inverse = pow(s, -1, N)
    first = _times(int.from_bytes(digest) * inverse % N, G)
    point = _add(first, _times(r * inverse % N, key))
    return point is not None and point[0] % N == r


def _key(public: bytes) -> Point | None:
    """Its point is the end of it, uncompressed; None where it is not on the curve."""
    if len(public) < 65 or public[-65] != 4:
        return None
    x, y = int.from_bytes(public[-64:-32]), int.from_bytes(public[-32:])
    return (x, y) if x < P and y < P and (y * y - x**3 + 3 * x - B) % P == 0 else None


def _pair(der: bytes) -> tuple[int, int] | None:
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2:
        return None
    numbers, place = [], 2
    for _ in range(2):
        if place + 2 > len(der) or der[place] != 2:
            return None
        size = der[place + 1]
        numbers.append(int.from_bytes(der[place + 2 : place + 2 + size]))
        place += 2 + size
    return (numbers[0], numbers[1]) if place == len(der) else None


def _times(factor: int, point: Point) -> Point | None:
    total: Point | None = None
    addend: Point | None = point
    while factor:
        if factor & 1:
            total = _add(total, addend)
        addend = _add(addend, addend)
        factor >>= 1
    return total


def _add(p: Point | None, q: Point | None) -> Point | None:
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % P == 0:
        return None
    slope = _tangent(p) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, P) % P
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def _tangent(p: Point) -> int:
    return (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, P) % P
