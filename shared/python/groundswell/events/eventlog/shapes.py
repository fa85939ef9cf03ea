"""JSON objects as shapes and leaves: what repeats between events is written once, what differs becomes columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

_HOLE = "\x00"
_DEPTH = 4  # deeper objects stay whole: their columns would be too short to pay for themselves
_LEAF = 0
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_objects = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_text = msgspec.json.Encoder()


class Shape(msgspec.Struct, array_like=True, frozen=True):
    """An object's literal text with a hole for every leaf, and the column each hole takes its value from."""

    literal: str
    paths: tuple[str, ...]


class Shredded(NamedTuple):
    """Objects taken apart: of each the number of its shape, and its leaves in columns."""

    shapes: tuple[Shape, ...]
    numbers: list[int]
    columns: dict[str, list[bytes]]


def shred(part: str, raws: Sequence[bytes]) -> Shredded:
    """`part` is where columns' paths begin. `rebuild` puts the objects together again."""
    known: dict[_Form | None, int] = {None: _LEAF}
    shredder = _Shredder(known)
    try:
        forms = shredder.take(raws, part, _DEPTH)
    except _Clash:
        shredder = _Shredder(known, one_by_one=True)
        forms = [form for raw in raws for form in shredder.take([raw], part, _DEPTH)]
    places = {form: place for place, form in enumerate(dict.fromkeys(forms))}
    spelled = list(known)
    shapes = tuple(_shape(spelled, form, part) for form in places)
    return Shredded(shapes, [places[form] for form in forms], shredder.columns)


type _Members = dict[str, msgspec.Raw]
type _Form = tuple[tuple[str, ...], tuple[int, ...]]
"""An object's keys, and the number of each value's own form."""


class _Clash(Exception):
    """Two ways lead to one path, because a key has a dot: its column is in order only when objects come one by one."""


class _Shredder:
    """Goes through all values of one path at once: every event passes here."""

    def __init__(self, forms: dict[_Form | None, int], *, one_by_one: bool = False) -> None:
        """`forms` are those that are known, with their numbers."""
        self.columns: dict[str, list[bytes]] = {}
        self._one_by_one = one_by_one
        self._forms = forms

    def take(self, values: Iterable[msgspec.Raw | bytes], path: str, depth: int) -> list[int]:
        """The number of each value's form; the leaves go to columns."""
        data = b"\0".join(values)  # in one go: a raw control character is never part of valid JSON
        raws = data.split(b"\0")
        if not depth or not (data[:1] == b"{" or b"\0{" in data):
            return self._keep(raws, path)
        distinct = list(dict.fromkeys(raws))
        forms = self._take_once(distinct, raws, path, depth) if 2 * len(distinct) <= len(raws) else None
        return forms or self._take_all(raws, path, depth)

    def _take_once(self, distinct: list[bytes], raws: list[bytes], path: str, depth: int) -> list[int] | None:
        """Objects within others repeat: the page, the library. None if they have not all one form."""
        once = _Shredder(self._forms)
        forms = once.take(distinct, path, depth)
        if len(set(forms)) > 1:
            return None
        places = {raw: place for place, raw in enumerate(distinct)}
        rows = [places[raw] for raw in raws]
        for inner, leaves in once.columns.items():
            self._keep([leaves[row] for row in rows], inner)
        return forms[:1] * len(raws)

    def _take_all(self, raws: list[bytes], path: str, depth: int) -> list[int]:
        member_sets = _members_of_all(raws)
        objects = [members for members in member_sets if members is not None]
        if len(objects) == len(raws):
            return self._take_apart(objects, path, depth)
        self._keep([raw for raw, members in zip(raws, member_sets, strict=True) if members is None], path)
        forms = iter(self._take_apart(objects, path, depth) if objects else ())
        return [_LEAF if members is None else next(forms) for members in member_sets]

    def _keep(self, leaves: list[bytes], path: str) -> list[int]:
        if path not in self.columns:
            self.columns[path] = leaves
        elif self._one_by_one:
            self.columns[path] += leaves
        else:
            raise _Clash
        return [_LEAF] * len(leaves)

    def _take_apart(self, objects: Sequence[_Members], path: str, depth: int) -> list[int]:
        keys = list(map(tuple, objects))
        alike = keys.count(keys[0]) == len(keys)
        by_key = _alike(keys[0], objects) if alike else _by_key(objects)
        inner = {key: self.take(values, f"{path}.{key}", depth - 1) for key, values in by_key.items()}
        if alike and not any(map(any, inner.values())):
            return [self._number((keys[0], (_LEAF,) * len(inner)))] * len(keys)
        rows = zip(*inner.values(), strict=True) if alike else _rows(keys, inner)
        return [self._number(form) for form in zip(keys, rows, strict=True)]

    def _number(self, form: _Form) -> int:
        return self._forms.setdefault(form, len(self._forms))


def _alike(keys: Sequence[str], objects: Iterable[_Members]) -> Mapping[str, Sequence[msgspec.Raw]]:
    return dict(zip(keys, zip(*map(dict.values, objects), strict=True), strict=True))


def _by_key(objects: Iterable[_Members]) -> Mapping[str, Sequence[msgspec.Raw]]:
    groups: dict[str, list[msgspec.Raw]] = {}
    for members in objects:
        for key, value in members.items():
            groups.setdefault(key, []).append(value)
    return groups


def _rows(keys: Iterable[Sequence[str]], inner: Mapping[str, Iterable[int]]) -> Iterator[tuple[int, ...]]:
    within = {key: iter(forms) for key, forms in inner.items()}
    for names in keys:
        yield tuple([next(within[name]) for name in names])


def _members_of_all(raws: Sequence[bytes]) -> Sequence[_Members | None]:
    """In one go if all are objects."""
    try:
        objects = _objects.decode(b"[%b]" % b",".join(raws))
    except msgspec.DecodeError:
        objects = []
    return objects if len(objects) == len(raws) else [_members(raw) for raw in raws]


def _members(raw: bytes) -> _Members | None:
    """None for what is no object, and for a key that is no Unicode text, such as a lone surrogate."""
    try:
        return _object.decode(raw) if raw[:1] == b"{" else None
    except msgspec.DecodeError:
        return None


def _shape(forms: Sequence[_Form | None], number: int, path: str) -> Shape:
    paths: list[str] = []
    return Shape(_literal(forms, number, path, paths), tuple(paths))


def _literal(forms: Sequence[_Form | None], number: int, path: str, paths: list[str]) -> str:
    """The text around the leaves; their paths are added to `paths`."""
    form = forms[number]
    if form is None:
        paths.append(path)
        return _HOLE
    inner = (
        f"{_text.encode(key).decode()}:{_literal(forms, within, f'{path}.{key}', paths)}"
        for key, within in zip(*form, strict=True)
    )
    return "{" + ",".join(inner) + "}"


def rebuild(shapes: Sequence[Shape], numbers: Iterator[int], columns: Mapping[str, Sequence[bytes]]) -> list[bytes]:
    """The objects again, in the order they were added. Raises ValueError where leaves are missing."""
    leaves = {path: iter(columns[path]) for shape in shapes for path in shape.paths}
    sources = [[leaves[path] for path in shape.paths] for shape in shapes]
    formats = [shape.literal.replace("%", "%%").replace(_HOLE, "%b").encode() for shape in shapes]
    try:
        return [formats[number] % tuple(map(next, sources[number])) for number in numbers]
    except TypeError as error:
        raise ValueError("columns are cut short") from error


def pick(
    shapes: Sequence[Shape], numbers: Sequence[int], columns: Mapping[str, Sequence[bytes]], path: str
) -> list[bytes]:
    """What `path` leads to in each object, empty where nothing: straight from its column where it is one."""
    steps = tuple(path.split("."))
    holes = [_find(msgspec.json.decode(_numbered(shape)), steps[1:]) for shape in shapes]
    whole = all(
        hole is None or (isinstance(hole, int) and shape.paths[hole] == path)
        for shape, hole in zip(shapes, holes, strict=True)
    )
    if not whole or any(shape.paths.count(path) > 1 for shape in shapes):
        return [_descend(document, steps[1:]) for document in rebuild(shapes, iter(numbers), columns)]
    if not any(isinstance(hole, int) for hole in holes):
        return [b""] * len(numbers)
    values = iter(columns[path])
    return [b"" if holes[number] is None else next(values) for number in numbers]


def _numbered(shape: Shape) -> str:
    """The literal with each hole's number in it: JSON whose only numbers are holes."""
    parts = shape.literal.split(_HOLE)
    return "".join(f"{part}{number}" for number, part in enumerate(parts[:-1])) + parts[-1]


def _find(node: Any, steps: tuple[str, ...]) -> Any:
    """The hole that the steps lead to, or what else there is; None if there is nothing. A key may hold dots."""
    if not steps or not isinstance(node, dict):
        return node
    for depth in range(1, len(steps) + 1):
        key = ".".join(steps[:depth])
        if key in node and (hole := _find(node[key], steps[depth:])) is not None:
            return hole
    return None


def _descend(raw: bytes, steps: tuple[str, ...]) -> bytes:
    if not steps or raw[:1] != b"{":
        return b"" if steps else raw
    try:
        members = _object.decode(raw)
    except msgspec.DecodeError:
        return b""
    for depth in range(1, len(steps) + 1):
        key = ".".join(steps[:depth])
        if key in members and (value := _descend(bytes(members[key]), steps[depth:])):
            return value
    return b""
