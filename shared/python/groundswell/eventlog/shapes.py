"""JSON objects as shapes and leaves: what repeats between events is written once, what differs becomes columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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
    leaves = {path: iter(columns[path]) for shape in shapes for path in shape.paths}
    literals = [shape.literal.encode().split(_HOLE.encode()) for shape in shapes]
    objects = []
    for number in numbers:
        parts = [literals[number][0]]
        for path, literal in zip(shapes[number].paths, literals[number][1:], strict=True):
            parts += (next(leaves[path]), literal)
        objects.append(b"".join(parts))
    return objects


def pick(
    shapes: Sequence[Shape], numbers: Sequence[int], columns: Mapping[str, Sequence[bytes]], path: str
) -> list[bytes]:
    """What `path` leads to in each object, empty where nothing: straight from its column where it is one."""
    steps = tuple(path.split("."))
    found = [_find(msgspec.json.decode(_numbered(shape)), steps[1:]) for shape in shapes]
    whole = all(
        hole is None or (isinstance(hole, int) and shape.paths[hole] == path)
        for shape, hole in zip(shapes, found, strict=True)
    )
    if not whole or any(shape.paths.count(path) > 1 for shape in shapes):
        return [_descend(each, steps[1:]) for each in rebuild(shapes, iter(numbers), columns)]
    if not any(isinstance(hole, int) for hole in found):
        return [b""] * len(numbers)
    values = iter(columns[path])
    return [b"" if found[number] is None else next(values) for number in numbers]


def _numbered(shape: Shape) -> str:
    """The literal with each hole's number in it: JSON whose only numbers are holes."""
    parts = shape.literal.split(_HOLE)
    return "".join(f"{part}{number}" for number, part in enumerate(parts[:-1])) + parts[-1]


def _find(node: Any, steps: tuple[str, ...]) -> Any:
    """The hole that the steps lead to, or what else there is; None if there is nothing. A key may hold dots."""
    if not steps or not isinstance(node, dict):
        return node
    for taken in range(1, len(steps) + 1):
        key = ".".join(steps[:taken])
        if key in node and (found := _find(node[key], steps[taken:])) is not None:
            return found
    return None


def _descend(raw: bytes, steps: tuple[str, ...]) -> bytes:
    if not steps or raw[:1] != b"{":
        return b"" if steps else raw
    try:
        members = _object.decode(raw)
    except msgspec.DecodeError:
        return b""
    for taken in range(1, len(steps) + 1):
        key = ".".join(steps[:taken])
        if key in members and (found := _descend(bytes(members[key]), steps[taken:])):
            return found
    return b""
