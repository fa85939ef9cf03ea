"""A report as a picture of points: what `charts.svg` draws, for mails and slides."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.reports.charts import INK, LINE, PANELS_AT_MOST, SIDE, Panel, panels
from groundswell.reports.model import Report
from groundswell.reports.tables import tables

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_SCALE = 2  # points of a screen with twice as many
_WIDTH, _PANEL, _TOP = 800, 130, 40
_GRID = "#e5e7eb"


def picture(report: Report, title: str, font: Path) -> bytes:
    """PNG. `font` is a TrueType file."""
    from PIL import Image, ImageDraw  # for requests of this format alone

    series = next(table for table in tables(report) if table.name == "series")
    shown = panels(series)[:PANELS_AT_MOST]
    image = Image.new("RGB", (_WIDTH * _SCALE, (_TOP + len(shown) * _PANEL + 10) * _SCALE), "white")
    draw = ImageDraw.Draw(image)
    draw.text(_at(10, 10), title, INK, _font(font, 15))
    if series.rows:
        ends = f"{series.rows[0][0]} to {series.rows[-1][0]}"
        draw.text(_at(_WIDTH - 10, 12), ends, INK, _font(font, 11), anchor="ra")
    for number, panel in enumerate(shown):
        _draw(draw, panel, _TOP + number * _PANEL, font)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw(draw: "ImageDraw", panel: Panel, top: int, font: Path) -> None:
    room, floor, wide = _PANEL - 40, top + _PANEL - 14, _WIDTH - SIDE - 20
    draw.text(_at(SIDE, top + 4), panel.name, INK, _font(font, 12))
    for height, value in ((floor, panel.lowest), (floor - room, panel.highest)):
        draw.line([_at(SIDE, height), _at(_WIDTH - 20, height)], _GRID, _SCALE)
        draw.text(_at(SIDE - 6, height), f"{value:.6g}", INK, _font(font, 10), anchor="rm")
    points: Sequence[tuple[int, int]] = [_at(SIDE + x * wide, floor - y * room) for x, y in panel.points]
    if len(points) > 1:
        draw.line(list(points), LINE, 2 * _SCALE, joint="curve")
    elif points:
        draw.circle(points[0], 2 * _SCALE, LINE)


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * _SCALE), round(y * _SCALE)


@cache
def _font(font: Path, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(font), size * _SCALE)
