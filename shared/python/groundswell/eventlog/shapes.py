"""JSON objects as shapes and leaves: what repeats between events is written once, what differs becomes columns."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

_HOLE = "\x00"
_DEPTH = 4  # deeper objects stay whole: their columns would be too short to pay for themselves
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_text = msgspec.json.Encoder()


class Shape(msgspec.Struct, array_like=True, frozen=True):
    """An object's literal text with a hole for every leaf, and the column each hole takes its value from."""

    literal: str
    paths: tuple[str, ...]


class Shredder:
    """Takes objects apart into `columns`; `shapes` says how they go together again."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.columns: dict[str, list[bytes]] = {}
        self._shapes: dict[Shape, int] = {}

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return tuple(self._shapes)

    def add(self, raw: bytes) -> int:
        """The number of the object's shape."""
        paths: list[str] = []
        literal = self._shred(raw, self._prefix, paths, _DEPTH)
        return self._shapes.setdefault(Shape(literal, tuple(paths)), len(self._shapes))

    def _shred(self, raw: bytes, path: str, paths: list[str], depth: int) -> str:
        if depth and raw[:1] == b"{":
            try:
                members = _object.decode(raw)
            except msgspec.DecodeError:  # a key that is no Unicode text, such as a lone surrogate
                members = None
            if members is not None:
                inner = [
                    f"{_text.encode(key).decode()}:{self._shred(bytes(value), f'{path}.{key}', paths, depth - 1)}"
                    for key, value in members.items()
                ]
                return "{" + ",".join(inner) + "}"
        self.columns.setdefault(path, []).append(raw)
        paths.append(path)
        return _HOLE


def rebuild(shapes: Sequence[Shape], numbers: Iterator[int], columns: Mapping[str, Sequence[bytes]]) -> list[bytes]:
    """The objects again, in the order they were added."""
    leaves = {path: iter(values) for path, values in columns.items()}
    literals = [shape.literal.encode().split(_HOLE.encode()) for shape in shapes]
    objects = []
    for number in numbers:
        parts = [literals[number][0]]
        for path, literal in zip(shapes[number].paths, literals[number][1:], strict=True):
            parts += (next(leaves[path]), literal)
        objects.append(b"".join(parts))
    return objects
