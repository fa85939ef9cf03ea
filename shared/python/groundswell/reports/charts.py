"""A report as a picture: a panel for each metric, over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from groundswell.reports.model import Report
from groundswell.reports.tables import Table, tables

_WIDTH, _PANEL, _TOP = 800, 130, 34
SIDE = 60
"""Room for what an axis says, in the picture's own units."""
PANELS_AT_MOST = 12
INK, LINE = "#1f2937", "#2563eb"
_GRID = "#e5e7eb"


@dataclass(frozen=True)
class Panel:
    """A metric over time. `points` are from (0, 0), the first moment and `lowest`, to (1, 1)."""

    name: str
    lowest: float
    highest: float
    points: tuple[tuple[float, float], ...]


def panels(series: Table) -> list[Panel]:
    """One for each metric, and for each currency of what is by currency."""
    return [
        _scaled(name, [_number(row[number]) for row in series.rows])
        for number, name in enumerate(series.columns[1:], 1)
    ]


def _scaled(name: str, values: Sequence[float]) -> Panel:
    highest, lowest = max(values, default=0.0), min(0.0, *values) if values else 0.0
    span, last = (highest - lowest) or 1.0, max(1, len(values) - 1)
    points = tuple((at / last, (value - lowest) / span) for at, value in enumerate(values))
    return Panel(name, lowest, highest, points)


def svg(report: Report, title: str) -> str:
    """SVG 1.1 that loads nothing and runs nothing."""
    series = next(table for table in tables(report) if table.name == "series")
    shown = panels(series)[:PANELS_AT_MOST]
    height = _TOP + len(shown) * _PANEL + 10
    drawn = "".join(_drawn(panel, _TOP + number * _PANEL) for number, panel in enumerate(shown))
    ends = f"{series.rows[0][0]} to {series.rows[-1][0]}" if series.rows else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="sans-serif" role="img"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="10" y="22" font-size="15" fill="{INK}">{escape(title)}</text>'
        f'<text x="{_WIDTH - 10}" y="22" font-size="11" fill="{INK}" text-anchor="end">{escape(ends)}</text>'
        f"{drawn}</svg>"
    )


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | Decimal) else 0.0


def _drawn(panel: Panel, top: int) -> str:
    room, floor = _PANEL - 40, top + _PANEL - 14
    wide = _WIDTH - SIDE - 20
    points = [(SIDE + x * wide, floor - y * room) for x, y in panel.points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{LINE}"/>' for x, y in points[:60])
    return (
        f'<text x="{SIDE}" y="{top + 16}" font-size="12" fill="{INK}">{escape(panel.name)}</text>'
        f"{_mark(floor - room + 4, panel.highest)}{_mark(floor, panel.lowest)}"
        f'<path d="M{SIDE} {floor}H{_WIDTH - 20}M{SIDE} {floor - room}H{_WIDTH - 20}" stroke="{_GRID}" fill="none"/>'
        f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="1.5"/>{dots}'
    )


def _mark(y: int, value: float) -> str:
    return f'<text x="{SIDE - 6}" y="{y}" font-size="10" fill="{INK}" text-anchor="end">{value:.6g}</text>'


def shown(value: object) -> str:
    """A figure as a mail shows it."""
    if value is None:
        return "unknown"
    if isinstance(value, Mapping):
        return ", ".join(f"{amount:f} {currency}" for currency, amount in value.items()) or "none"
    return f"{value}"
