"""JSON objects as shapes and leaves: what repeats between events is written once, what differs becomes columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


type _Form = tuple[tuple[str, ...], tuple["_Form | None", ...]]
"""An object's keys, and of each value its own form; None for a leaf."""
type _Value = msgspec.Raw | bytes
type _Column = list[_Value]
type _Taken = tuple[_Form | None, Iterable[tuple[_Column, _Value]]]
"""An object's form and its leaves, each with the column that it goes to."""


class Shredder:
    """Takes objects apart into columns; `shapes` says how they go together again."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._columns: dict[str, _Column] = {}
        self._shapes: dict[Shape, int] = {}
        self._numbers: dict[_Form | None, int] = {}
        self._flats: dict[tuple[str, tuple[str, ...]], tuple[_Form, list[_Column]]] = {}
        self._inner: dict[tuple[str, int, bytes], _Taken] = {}

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return tuple(self._shapes)

    @property
    def columns(self) -> dict[str, list[bytes]]:
        return {path: _as_bytes(column) for path, column in self._columns.items()}

    def add(self, raw: bytes) -> int:
        """The number of the object's shape."""
        form, leaves = self._take(raw, self._prefix, _DEPTH)
        for column, value in leaves:
            column.append(value)
        number = self._numbers.get(form)
        return self._number(form) if number is None else number

    def _number(self, form: _Form | None) -> int:
        paths: list[str] = []
        shape = Shape(_literal(form, self._prefix, paths), tuple(paths))
        self._numbers[form] = self._shapes.setdefault(shape, len(self._shapes))
        return self._numbers[form]

    def _take(self, raw: bytes, path: str, depth: int) -> _Taken:
        members = _members(raw) if depth and raw[:1] == b"{" else None
        if members is None:
            return None, ((self._column(path), raw),)
        keys = tuple(members)
        if depth == 1 or raw.count(b"{") == 1:
            form, columns = self._flats.get((path, keys)) or self._flat(path, keys)
            return form, zip(columns, members.values(), strict=True)
        forms: list[_Form | None] = []
        leaves: list[tuple[_Column, _Value]] = []
        for key, value in zip(keys, _as_bytes(members.values()), strict=True):
            within, more = self._take_inner(value, f"{path}.{key}", depth - 1)
            forms.append(within)
            leaves += more
        return (keys, tuple(forms)), leaves

    def _take_inner(self, raw: bytes, path: str, depth: int) -> _Taken:
        """Values within others repeat: the page, the library, the locale."""
        known = self._inner.get((path, depth, raw))
        if known is None:
            form, leaves = self._take(raw, path, depth)
            known = self._inner[path, depth, raw] = form, tuple(leaves)
        return known

    def _flat(self, path: str, keys: tuple[str, ...]) -> tuple[_Form, list[_Column]]:
        """Of objects with these keys and no objects in them."""
        columns = [self._column(f"{path}.{key}") for key in keys]
        self._flats[path, keys] = (keys, (None,) * len(keys)), columns
        return self._flats[path, keys]

    def _column(self, path: str) -> _Column:
        return self._columns.setdefault(path, [])


def _as_bytes(values: Iterable[_Value]) -> list[bytes]:
    """In one go: a raw control character is never part of valid JSON."""
    return b"\0".join(values).split(b"\0")


def _members(raw: bytes) -> dict[str, msgspec.Raw] | None:
    """None for a key that is no Unicode text, such as a lone surrogate."""
    try:
        return _object.decode(raw)
    except msgspec.DecodeError:
        return None


def _literal(form: _Form | None, path: str, paths: list[str]) -> str:
    """The text around the leaves; their paths are added to `paths`."""
    if form is None:
        paths.append(path)
        return _HOLE
    inner = (
        f"{_text.encode(key).decode()}:{_literal(within, f'{path}.{key}', paths)}"
        for key, within in zip(*form, strict=True)
    )
    return "{" + ",".join(inner) + "}"


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
