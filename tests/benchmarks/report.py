"""Tables: what was measured beside what was wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Figure:
    """One line of the summary. `verdict` is `met`, `missed`, `inconclusive`, or empty where there is no target."""

    name: str
    measured: str
    target: str = ""
    verdict: str = ""


def at_most(
    name: str, value: float, limit: float, *, stretch: float | None = None, spell: str = "{:.2f}", trusted: bool = True
) -> Figure:
    """A figure that should be small. `trusted` False: the run was too noisy to judge."""
    target = f"≤ {spell.format(limit)}" + (f", stretch {spell.format(stretch)}" if stretch is not None else "")
    return Figure(name, spell.format(value), target, _verdict(value <= limit, trusted=trusted))


def at_least(name: str, value: float, limit: float, *, spell: str = "{:,.0f}", trusted: bool = True) -> Figure:
    return Figure(name, spell.format(value), f"≥ {spell.format(limit)}", _verdict(value >= limit, trusted=trusted))


def _verdict(holds: bool, *, trusted: bool) -> str:
    return INCONCLUSIVE if not trusted else "met" if holds else "missed"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned text: the first column to the left, the others to the right unless they are words."""
    widths = [max(len(row[at]) for row in (columns, *rows)) for at in range(len(columns))]
    lines = ["  ".join(_aligned(rows, row, at, widths[at]) for at in range(len(columns))).rstrip() for row in rows]
    head = "  ".join(_aligned(rows, columns, at, widths[at]) for at in range(len(columns))).rstrip()
    return "\n".join(("", title, head, "-" * (sum(widths) + 2 * (len(widths) - 1)), *lines))


def _aligned(rows: Sequence[Sequence[str]], row: Sequence[str], at: int, width: int) -> str:
    numeric = at > 0 and all(not row[at] or row[at][0].isdigit() or row[at][0] in "≤≥-" for row in rows)
    return row[at].rjust(width) if numeric else row[at].ljust(width)


def summary(figures: Sequence[Figure]) -> str:
    rows = [(figure.name, figure.measured, figure.target, figure.verdict) for figure in figures]
    return table("Summary", ("figure", "measured", "target", "verdict"), rows)


type Say = Callable[[str], None]
