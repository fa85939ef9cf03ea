"""Tables as CSV (RFC 4180), for programs that take a cell for a formula."""

import csv
import io
from collections.abc import Iterable

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(rows: Iterable[Iterable[str]]) -> str:
    """A cell that a spreadsheet would compute gets an apostrophe in front, as OWASP advises ("CSV Injection")."""
    text = io.StringIO()
    csv.writer(text).writerows([cell(each) for each in row] for row in rows)
    return text.getvalue()


def cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text
