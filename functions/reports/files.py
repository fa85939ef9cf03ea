"""A report in the format that was asked for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Response

from functions.reports.schemas import ReportOut, report_out
from groundswell.http.envelope import Envelope, ok
from groundswell.reports.adapter_pdf import document
from groundswell.reports.adapter_xlsx import workbook
from groundswell.reports.charts import svg
from groundswell.reports.model import Report
from groundswell.reports.saved import Format
from groundswell.reports.tables import csv_text, tables

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FONT = Path(__file__).parent / "fonts/DejaVuSans.ttf"
_NO_SCRIPTS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


def answered(
    report: Report, wanted: Format, title: str, names: Mapping[str, str] | None = None, **more: Any
) -> Envelope[ReportOut] | Response:
    """CSV has the breakdown where a dimension was named, else the series; a workbook has everything."""
    match wanted:
        case Format.JSON:
            return ok(report_out(report, names, **more))
        case Format.CSV:
            every = tables(report)
            return _file(csv_text(every[-1]), "text/csv; charset=utf-8", f"{title}.csv")
        case Format.XLSX:
            return _file(workbook(tables(report)), _XLSX, f"{title}.xlsx")
        case Format.PDF:
            return _file(document(report, title, _FONT), "application/pdf", f"{title}.pdf")
        case Format.SVG:
            return Response(svg(report, title), media_type="image/svg+xml", headers=_NO_SCRIPTS)


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=media_type, headers={"content-disposition": disposition})
