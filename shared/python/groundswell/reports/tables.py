"""A report as tables: what files are made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from groundswell.kernel.spreadsheet import Cell
from groundswell.kernel.spreadsheet import table as spreadsheet
from groundswell.reports.catalogue import METRICS
from groundswell.reports.model import Answer, Figures, Report, Value


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(report: Report) -> tuple[Table, ...]:
    """Totals, series, and the breakdown where there is one."""
    answer, question = report.answer, report.question
    keys = _keys(question.metrics, answer)
    columns = tuple(_column(*key) for key in keys)
    totals = Table("totals", columns, (_cells(keys, answer.totals),))
    spelled = question.calendar.spelled
    rows = tuple((spelled(start), *_cells(keys, figures)) for start, figures in answer.series.items())
    series = Table("series", ("ts", *columns), rows)
    if not question.dimensions:
        return totals, series
    names = question.dimensions
    groups = tuple((*(row.values.get(name) for name in names), *_cells(keys, row.figures)) for row in answer.breakdown)
    return totals, series, Table("breakdown", (*names, *columns), groups)


def csv_text(table: Table) -> str:
    return spreadsheet([table.columns, *table.rows])


def _keys(metrics: Sequence[str], answer: Answer) -> list[tuple[str, str | None]]:
    """A column for each metric, and for each currency of what is by currency."""
    everything = [answer.totals, *answer.series.values(), *(row.figures for row in answer.breakdown)]
    keys: list[tuple[str, str | None]] = []
    for name in metrics:
        if METRICS[name].unit.by_currency:
            keys += [(name, currency) for currency in _currencies(name, everything)]
        else:
            keys.append((name, None))
    return keys


def _currencies(name: str, everything: Iterable[Figures]) -> list[str]:
    currencies = {
        currency for figures in everything if isinstance(value := figures.get(name), Mapping) for currency in value
    }
    return sorted(currencies)


def _column(name: str, currency: str | None) -> str:
    return f"{name} ({currency})" if currency else name


def _cells(keys: Iterable[tuple[str, str | None]], figures: Figures) -> tuple[Cell, ...]:
    return tuple(_cell(figures.get(name), currency) for name, currency in keys)


def _cell(value: Value, currency: str | None) -> Cell:
    if isinstance(value, Mapping):
        return value.get(currency or "")
    return value
