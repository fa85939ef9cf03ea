"""What a column of a table holds, found out row by row."""

import re
from collections.abc import Sequence
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


class Survey:
    """Looks at all rows once; what it remembers of a column ends with the first value that is there twice."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self._seen: list[set[int] | None] = [set() for _ in titles]
        self._numeric = [True] * len(titles)
        self._fractions = [False] * len(titles)
        self._filled = [False] * len(titles)

    def add(self, cells: Sequence[str]) -> None:
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
