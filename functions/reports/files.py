"""A report as a file, in each format."""

from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import Response

from groundswell.reports.adapter_pdf import document
from groundswell.reports.adapter_png import picture
from groundswell.reports.adapter_xlsx import workbook
from groundswell.reports.charts import svg
from groundswell.reports.model import Report
from groundswell.reports.saved import Format
from groundswell.reports.tables import csv_text, tables

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FONT = Path(__file__).parent / "fonts/DejaVuSans.ttf"
_NO_SCRIPTS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


def _csv(report: Report, title: str) -> Response:
    """The breakdown where a dimension was named, else the series; a workbook has everything."""
    return _file(csv_text(tables(report)[-1]), "text/csv; charset=utf-8", f"{title}.csv")


def _xlsx(report: Report, title: str) -> Response:
    return _file(workbook(tables(report)), _XLSX, f"{title}.xlsx")


def _pdf(report: Report, title: str) -> Response:
    return _file(document(report, title, _FONT), "application/pdf", f"{title}.pdf")


def _svg(report: Report, title: str) -> Response:
    return Response(svg(report, title), media_type="image/svg+xml", headers=_NO_SCRIPTS)


def _png(report: Report, title: str) -> Response:
    return Response(picture(report, title, _FONT), media_type="image/png")


FORMATS: Mapping[Format, Callable[[Report, str], Response]] = {
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.PDF: _pdf,
    Format.SVG: _svg,
    Format.PNG: _png,
}


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=media_type, headers={"content-disposition": disposition})
