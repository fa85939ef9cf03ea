"""What a column of a table holds, found out row by row."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_FRACTION = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")


@dataclass(frozen=True)
class Column:
    """`unique`: every row has a value of its own. `numeric`: all that is not empty is a number, some with `fractions`;
    a leading zero makes a text of it."""

    title: str
    unique: bool
    numeric: bool
    fractions: bool


_SURE_AFTER = 1_000
_CANDIDATES = 10
"""Columns of which all values are remembered: half a million of each are 350 MB in all."""


class Survey:
    """Looks at all rows once; what it remembers of a column ends with the first value that is there twice. Behind the
    first 1,000 rows it remembers ten columns at most, those first whose titles say that they are ids (`prefer`)."""

    def __init__(self, titles: Sequence[str], prefer: Callable[[str], bool]) -> None:
        self._titles = titles
        self._prefer = prefer
        self._rows = 0
        self._seen: list[set[int] | None] = [set() for _ in titles]
        self._numeric = [True] * len(titles)
        self._fractions = [False] * len(titles)
        self._filled = [False] * len(titles)

    def add(self, cells: Sequence[str]) -> None:
        self._rows += 1
        if self._rows == _SURE_AFTER:
            self._narrow()
        for at in range(len(self._titles)):
            text = cells[at].strip() if at < len(cells) else ""
            self._note(at, text)
            if text and self._numeric[at]:
                self._filled[at] = True
                self._weigh(at, text)

    def columns(self) -> tuple[Column, ...]:
        return tuple(
            Column(title, bool(self._seen[at]), self._numeric[at] and self._filled[at], self._fractions[at])
            for at, title in enumerate(self._titles)
        )

    def _narrow(self) -> None:
        unique = [at for at, seen in enumerate(self._seen) if seen is not None]
        unique.sort(key=lambda at: not self._prefer(self._titles[at]))
        for at in unique[_CANDIDATES:]:
            self._seen[at] = None

    def _note(self, at: int, text: str) -> None:
        seen = self._seen[at]
        if seen is None:
            return
        key = hash(text)
        if not text or key in seen:
            self._seen[at] = None
        else:
            seen.add(key)

    def _weigh(self, at: int, text: str) -> None:
        if _FRACTION.fullmatch(text):
            self._fractions[at] = True
        elif not _WHOLE.fullmatch(text):
            self._numeric[at] = False


def number(text: str) -> int | float:
    """Of a cell of a numeric column."""
    return float(text) if "." in text else int(text)
