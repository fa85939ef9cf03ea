"""Tables as CSV (RFC 4180), for programs that take a cell for a formula."""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

type Cell = str | int | Decimal | None

# Also behind what another program takes for the end of a cell, whose quotes it then does not know. Full-width signs
# compute too where such are typed.
_COMPUTED = re.compile('(^|[;\t|\r\n])(?=[ \u00a0"]*[=+\\-@\uff1d\uff0b\uff0d\uff20])')
_BLANKS = ("\t", "\r", "\n")


def table(rows: Iterable[Iterable[Cell]]) -> str:
    """Every cell in quotation marks, so that it stays one whatever a program separates by (`;` in much of Europe).

    What a spreadsheet would compute gets an apostrophe in front, as OWASP advises ("CSV Injection").
    """
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([_inert(value) for value in row] for row in rows)
    return text.getvalue()


def _inert(value: Cell) -> Cell:
    """A number is one, below zero as well; text may look like anything."""
    return cell(value) if isinstance(value, str) else value


def cell(text: str) -> str:
    inert = _COMPUTED.sub(r"\1'", text)
    return f"'{inert}" if inert.startswith(_BLANKS) else inert
