"""A report as a workbook, a sheet for each table."""

import io
from collections.abc import Sequence
from decimal import Decimal

from groundswell.reports.tables import Table


def workbook(tables: Sequence[Table]) -> bytes:
    from xlsxwriter import Workbook  # for requests of this format alone

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            sheet.write_row(0, 0, table.columns, bold)
            for number, row in enumerate(table.rows, 1):
                sheet.write_row(number, 0, [float(cell) if isinstance(cell, Decimal) else cell for cell in row])
            sheet.freeze_panes(1, 0)
    return out.getvalue()
