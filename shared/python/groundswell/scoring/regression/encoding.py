"""Columns of leads as numbers that a regression can weigh. Needs numpy: training alone.

A numeric column is imputed with its median, centred and scaled, with a column that says where it was missing; any other
has a column for each frequent value, one for all rare ones, and one for its absence where that is frequent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from groundswell.scoring.regression.features import Categorical, Feature, Numeric, Plain, stepped, value_key

FREQUENT = 20
"""Rows that a value has at least, to be weighed by itself."""
_VALUES_AT_MOST = 100
_COLUMNS_AT_MOST = 600
"""Of the design: beyond, only values that are more frequent are weighed by themselves."""
_NEVER = 10**9
type Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
type Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True)
class Numbers:
    """NaN is missing."""

    name: str
    values: Floats


@dataclass(frozen=True)
class Codes:
    """By number in `keys`, the last of which is what is missing."""

    name: str
    values: Ints
    keys: tuple[Plain, ...]


type Column = Numbers | Codes


def columns_of(values: Mapping[str, Sequence[Plain]]) -> tuple[Column, ...]:
    """Those that may say something: not one that is the same in every row, or another one in each (an id), or what a
    column before it says already."""
    columns: dict[tuple[type, bytes], Column] = {}
    for name, column in values.items():
        if (encoded := _column(name, column)) is not None:
            columns.setdefault((type(encoded), encoded.values.tobytes()), encoded)
    return tuple(columns.values())


def _column(name: str, values: Sequence[Plain]) -> Column | None:
    distinct = set(values)
    gaps = values.count(None)
    distinct.discard(None)
    if not distinct or (len(distinct) == 1 and not gaps):
        return None
    numeric = set(map(type, distinct)) == {float}
    whole = not numeric or all(map(float.is_integer, cast("set[float]", distinct)))
    if whole and len(distinct) == len(values) - gaps:
        return None
    if numeric:
        return Numbers(name, np.array(values, dtype=np.float64))
    keys = (*sorted(distinct, key=lambda value: (str(type(value)), value)), None)
    places = {key: at for at, key in enumerate(keys)}
    return Codes(name, np.fromiter(map(places.__getitem__, values), np.int64, len(values)), keys)


@dataclass(frozen=True)
class Scaled:
    """How a numeric column is encoded."""

    column: Numbers
    median: float
    mean: float
    deviation: float
    may_miss: bool

    @property
    def width(self) -> int:
        return 1 + self.may_miss

    def encode(self, into: Floats) -> None:
        values = self.column.values
        gaps = np.isnan(values)
        into[:, 0] = (np.where(gaps, self.median, values) - self.mean) / self.deviation
        if self.may_miss:
            into[:, 1] = gaps

    def feature(self, weights: Sequence[float]) -> Numeric:
        missing = weights[1] if self.may_miss else 0.0
        return Numeric(self.column.name, self.median, self.mean, self.deviation, weights[0], missing)


@dataclass(frozen=True)
class OneHot:
    """How any other column is encoded: `kept` are the numbers of its frequent values."""

    column: Codes
    kept: tuple[int, ...]
    has_rare: bool

    @property
    def width(self) -> int:
        return len(self.kept) + self.has_rare

    def encode(self, into: Floats) -> None:
        places = np.full(len(self.column.keys), len(self.kept) if self.has_rare else -1)
        places[list(self.kept)] = np.arange(len(self.kept))
        positions = places[self.column.values]
        known = np.flatnonzero(positions >= 0)
        into[known, positions[known]] = 1.0

    def feature(self, weights: Sequence[float]) -> Categorical:
        added = {self.column.keys[at]: stepped(weight) for at, weight in zip(self.kept, weights, strict=False)}
        rare = stepped(weights[-1]) if self.has_rare else 0.0
        values = {value_key(key): weight for key, weight in added.items() if key is not None}
        return Categorical(self.column.name, values, rare, added.get(None, rare))


type Encoder = Scaled | OneHot


def learn(columns: Sequence[Column]) -> tuple[Encoder, ...]:
    least = FREQUENT
    while True:
        encoders = tuple(_encoders(columns, least))
        if sum(encoder.width for encoder in encoders) <= _COLUMNS_AT_MOST or least > _NEVER:
            return encoders
        least *= 2


def _encoders(columns: Sequence[Column], least: int) -> Iterator[Encoder]:
    for column in columns:
        encoder = _scaled(column) if isinstance(column, Numbers) else _one_hot(column, least)
        if encoder is not None:
            yield encoder


def _scaled(column: Numbers) -> Scaled:
    gaps = np.isnan(column.values)
    middle = float(np.median(column.values[~gaps]))
    filled = np.where(gaps, middle, column.values)
    return Scaled(column, middle, float(filled.mean()), float(filled.std()) or 1.0, bool(gaps.any()))


def _one_hot(column: Codes, least: int) -> OneHot | None:
    """None where all values are rare: nothing tells the leads from each other."""
    counts = np.bincount(column.values, minlength=len(column.keys))
    frequent = sorted(np.flatnonzero(counts >= least).tolist(), key=lambda at: (-counts[at], at))
    kept = tuple(sorted(frequent[:_VALUES_AT_MOST]))
    has_rare = bool(counts.sum() > counts[list(kept)].sum())
    return OneHot(column, kept, has_rare) if len(kept) + has_rare > 1 else None


def design(encoders: Sequence[Encoder], rows: int) -> Floats:
    """A row each, a first column of ones."""
    matrix = np.zeros((rows, 1 + sum(encoder.width for encoder in encoders)))
    matrix[:, 0] = 1.0
    _visit_all(encoders, lambda encoder, start: encoder.encode(matrix[:, start : start + encoder.width]))
    return matrix


def features(encoders: Sequence[Encoder], weights: Sequence[float]) -> tuple[Feature, ...]:
    """`weights` are those of the design's columns."""
    feature_list: list[Feature] = []
    _visit_all(
        encoders, lambda encoder, start: feature_list.append(encoder.feature(weights[start : start + encoder.width]))
    )
    return tuple(feature_list)


def _visit_all(encoders: Sequence[Encoder], visit: Callable[[Encoder, int], None]) -> None:
    start = 1
    for encoder in encoders:
        visit(encoder, start)
        start += encoder.width
