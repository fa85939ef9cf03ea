"""A report as a PDF: totals, a chart for each metric, and the tables."""

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from groundswell.kernel.spreadsheet import Cell
from groundswell.reports.charts import INK, LINE, PANELS_AT_MOST, SIDE, Panel, panels
from groundswell.reports.model import Report
from groundswell.reports.tables import Table, tables

ROWS_AT_MOST = 500
"""Of a table. A CSV file or a workbook has them all."""
_FONT = "DejaVuSans"
_WIDTH, _HEIGHT = 500.0, 92.0  # of a chart, in points
_CELL_AT_MOST = 60
_MARGIN = 40
_SMALL, _MANY_COLUMNS = 7, 6


def document(report: Report, title: str, font: Path) -> bytes:
    """A4. `font` is a TrueType file that knows the letters of names: PDF's own know western Europe's alone."""
    from reportlab.lib.pagesizes import A4, landscape  # for requests of this format alone
    from reportlab.platypus import SimpleDocTemplate

    _register(font)
    every = tables(report)
    wide = max(len(table.columns) for table in every) > _MANY_COLUMNS
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=landscape(A4) if wide else A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=title,
        author="Groundswell",
        invariant=1,
    )
    template.build(list(_story(report, title, every)))
    return out.getvalue()


@cache
def _register(font: Path) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(_FONT, font))


def _story(report: Report, title: str, every: Sequence[Table]) -> Iterator[Any]:
    from reportlab.platypus import Spacer

    question = report.question
    series = next(table for table in every if table.name == "series")
    yield _text(title, 16)
    if series.rows:
        yield _text(f"{series.rows[0][0]} to {series.rows[-1][0]}, {question.granularity}, {question.timezone}", 9)
    for late in report.answer.late:
        yield _text(f"Late: {late.source} ({late.reason.replace('_', ' ')})", 9)
    yield Spacer(1, 10)
    totals = next(table for table in every if table.name == "totals")
    yield _table(Table("totals", ("metric", "total"), tuple(zip(totals.columns, totals.rows[0], strict=True))))
    yield Spacer(1, 10)
    for panel in panels(series)[:PANELS_AT_MOST]:
        yield _chart(panel)
    for table in every:
        if table is not totals and table.rows:
            yield _text(table.name, 12)
            yield _table(table)
            if len(table.rows) > ROWS_AT_MOST:
                yield _text(f"The first {ROWS_AT_MOST} of {len(table.rows)} rows. A CSV file has them all.", 9)


def _text(text: str, size: int) -> Any:
    """Escaped: a paragraph of ReportLab is markup, which opens what it names."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(f"text{size}", fontName=_FONT, fontSize=size, leading=size * 1.4, spaceAfter=4)
    return Paragraph(escape(text), style)


def _table(table: Table) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table as Grid
    from reportlab.platypus import TableStyle

    rows = [table.columns, *(tuple(map(_cell, row)) for row in table.rows[:ROWS_AT_MOST])]
    grid = Grid([[_short(str(cell)) for cell in row] for row in rows], repeatRows=1, hAlign="LEFT")
    line = HexColor("#e5e7eb")
    grid.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), _FONT, _SMALL),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor("#f3f4f6")),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, line),
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ]
        )
    )
    return grid


def _cell(cell: Cell) -> str:
    if cell is None:
        return "unknown"
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _short(text: str) -> str:
    return text if len(text) <= _CELL_AT_MOST else f"{text[: _CELL_AT_MOST - 1]}…"


def _chart(panel: Panel) -> Any:
    from reportlab.graphics.shapes import Drawing, Line, PolyLine, String
    from reportlab.lib.colors import HexColor

    ink, line = HexColor(INK), HexColor(LINE)
    drawing = Drawing(_WIDTH, _HEIGHT)
    floor, room, left = 8.0, _HEIGHT - 30, float(SIDE)
    for height, value in ((floor, panel.lowest), (floor + room, panel.highest)):
        drawing.add(Line(left, height, _WIDTH, height, strokeColor=HexColor("#e5e7eb"), strokeWidth=0.5))
        mark = String(left - 4, height - 3, f"{value:.6g}", fontName=_FONT, fontSize=_SMALL, fillColor=ink)
        mark.textAnchor = "end"
        drawing.add(mark)
    drawing.add(String(left, _HEIGHT - 14, panel.name, fontName=_FONT, fontSize=9, fillColor=ink))
    points = [point for x, y in panel.points for point in (left + x * (_WIDTH - left - 4), floor + y * room)]
    if len(points) > 2:
        drawing.add(PolyLine(points, strokeColor=line, strokeWidth=1.2))
    return drawing
