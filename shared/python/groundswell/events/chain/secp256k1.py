"""Who signed: the public key behind an ECDSA signature on secp256k1 (SEC 1 §4.1.6, as Ethereum's `ecrecover`).

Checking a signature needs no secret, so plain arithmetic has nothing to leak; and a library would weigh more in every
function's layer than these lines. A check takes some 3 ms.
"""

from groundswell.events.chain.keccak import keccak256

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)

type Point = tuple[int, int]
type _Jacobian = tuple[int, int, int]
_NOWHERE: _Jacobian = (0, 1, 0)


def signer(digest: bytes, signature: bytes) -> str | None:
    """The lower-case address whose key signed the 32-byte digest. `signature` is r, s and v, 65 bytes.

    None for what is no signature.
    """
    if len(signature) != 65 or signature[64] not in (0, 1, 27, 28):
        return None
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:64])
    key = recover(int.from_bytes(digest), r, s, odd=signature[64] % 27 == 1)
    return None if key is None else address(key)


def address(key: Point) -> str:
    """Ethereum's, in lower case."""
    x, y = key
    return "0x" + keccak256(x.to_bytes(32) + y.to_bytes(32))[12:].hex()


def recover(digest: int, r: int, s: int, *, odd: bool) -> Point | None:
    """`odd`: the y of the signature's point is. None where no key made that signature."""
    if not (0 < r < N and 0 < s < N):
        return None
    square = (pow(r, 3, P) + 7) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        return None
    point = (r, y if y % 2 == odd else P - y)
    inverse = pow(r, -1, N)
    return _sum(G, -digest * inverse % N, point, s * inverse % N)


def _sum(p: Point, a: int, q: Point, b: int) -> Point | None:
    """a·p + b·q, both in one run over the bits. None is the point at infinity."""
    first, second = (*p, 1), (*q, 1)
    steps = {(0, 1): second, (1, 0): first, (1, 1): _add(first, second)}
    total = _NOWHERE
    for bit in range(max(a.bit_length(), b.bit_length()) - 1, -1, -1):
        total = _double(total)
        chosen = (a >> bit & 1, b >> bit & 1)
        if chosen in steps:
            total = _add(total, steps[chosen])
    x, y, z = total
    if z == 0:
        return None
    inverse = pow(z, -1, P)
    return x * inverse**2 % P, y * inverse**3 % P


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    if y == 0 or z == 0:
        return _NOWHERE
    yy = y * y % P
    s, m = 4 * x * yy % P, 3 * x * x % P
    doubled = (m * m - 2 * s) % P
    return doubled, (m * (s - doubled) - 8 * yy * yy) % P, 2 * y * z % P


def _add(p: _Jacobian, q: _Jacobian) -> _Jacobian:
    if p[2] == 0 or q[2] == 0:
        return q if p[2] == 0 else p
    (x1, y1, z1), (x2, y2, z2) = p, q
    zz1, zz2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * zz2 % P, x2 * zz1 % P
    s1, s2 = y1 * zz2 * z2 % P, y2 * zz1 * z1 % P
    if u1 == u2:
        return _double(p) if s1 == s2 else _NOWHERE
    h, r = u2 - u1, s2 - s1
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x = (r * r - hhh - 2 * v) % P
    return x, (r * (v - x) - s1 * hhh) % P, h * z1 * z2 % P
