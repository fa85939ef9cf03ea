"""The rows of a CSV file, one after the other, with the lines they begin in."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from groundswell.audience.imports.dialect import Dialect
from groundswell.audience.imports.model import COLUMNS_AT_MOST, TITLE_AT_MOST, NotImportable

type Cells = list[str]


def read(file: IO[bytes], dialect: Dialect) -> Iterator[tuple[int, Cells]]:
    """(line, cells), the header first. Raises NotImportable for what is no CSV any more, and says where."""
    file.seek(0)
    text = io.TextIOWrapper(file, dialect.encoding, newline="")
    reader = csv.reader(text, delimiter=dialect.separator)
    begun = 1
    try:
        for cells in reader:
            yield begun, cells
            begun = reader.line_num + 1
    except (csv.Error, UnicodeDecodeError) as error:
        raise NotImportable(f"Line {begun} cannot be read: {_plain(error)}") from error
    finally:
        text.detach()


def titles(header: Sequence[str]) -> tuple[str, ...]:
    """Of the columns: a column without one is called by its place. Raises NotImportable."""
    names = tuple(title.strip() or f"Column {at}" for at, title in enumerate(header, 1))
    if len(names) > COLUMNS_AT_MOST:
        raise NotImportable(f"At most {COLUMNS_AT_MOST} columns")
    for title in names:
        if len(title) > TITLE_AT_MOST or not title.isprintable():
            raise NotImportable(f"A column's title has at most {TITLE_AT_MOST} printable characters: {title[:50]!r}")
        if names.count(title) > 1:
            raise NotImportable(f"Two columns are called {title!r}")
    return names


def _plain(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not {error.encoding}"
    return "a cell is not closed, or longer than 131,072 characters" if "field larger" in str(error) else str(error)
