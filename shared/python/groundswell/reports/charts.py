"""A report as a picture: a panel for each metric, over time."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape

from groundswell.reports.model import Report
from groundswell.reports.tables import Table, tables

_WIDTH, _PANEL, _LEFT, _TOP = 800, 130, 60, 34
_PANELS_AT_MOST = 12
_INK, _LINE, _GRID = "#1f2937", "#2563eb", "#e5e7eb"


def svg(report: Report, title: str) -> str:
    """SVG 1.1 that loads nothing and runs nothing."""
    series = next(each for each in tables(report) if each.name == "series")
    panels = list(_panels(series))[:_PANELS_AT_MOST]
    height = _TOP + len(panels) * _PANEL + 10
    drawn = "".join(_panel(name, values, _TOP + number * _PANEL) for number, (name, values) in enumerate(panels))
    ends = f"{series.rows[0][0]} to {series.rows[-1][0]}" if series.rows else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="sans-serif" role="img"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="10" y="22" font-size="15" fill="{_INK}">{escape(title)}</text>'
        f'<text x="{_WIDTH - 10}" y="22" font-size="11" fill="{_INK}" text-anchor="end">{escape(ends)}</text>'
        f"{drawn}</svg>"
    )


def _panels(series: Table) -> Iterator[tuple[str, list[float]]]:
    for number, name in enumerate(series.columns[1:], 1):
        yield name, [_number(row[number]) for row in series.rows]


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | Decimal) else 0.0


def _panel(name: str, values: Sequence[float], top: int) -> str:
    highest, lowest = max(values, default=0.0), min(0.0, *values) if values else 0.0
    span = (highest - lowest) or 1.0
    room, floor = _PANEL - 40, top + _PANEL - 14
    step = (_WIDTH - _LEFT - 20) / max(1, len(values) - 1)
    points = [(_LEFT + at * step, floor - (value - lowest) / span * room) for at, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{_LINE}"/>' for x, y in points[:60])
    return (
        f'<text x="{_LEFT}" y="{top + 16}" font-size="12" fill="{_INK}">{escape(name)}</text>'
        f"{_mark(floor - room + 4, highest)}{_mark(floor, lowest)}"
        f'<path d="M{_LEFT} {floor}H{_WIDTH - 20}M{_LEFT} {floor - room}H{_WIDTH - 20}" stroke="{_GRID}" fill="none"/>'
        f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="1.5"/>{dots}'
    )


def _mark(y: int, value: float) -> str:
    return f'<text x="{_LEFT - 6}" y="{y}" font-size="10" fill="{_INK}" text-anchor="end">{value:.6g}</text>'


def shown(value: object) -> str:
    """A figure as a mail shows it."""
    if value is None:
        return "unknown"
    if isinstance(value, Mapping):
        return ", ".join(f"{amount:f} {currency}" for currency, amount in value.items()) or "none"
    return f"{value}"
