"""Wire shapes of the overview: figures with what they come from, and insights."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from pydantic import Field

from functions.reports.fields import FigureOut
from functions.reports.schemas import LateOut
from groundswell.http.schema import Out, Time
from groundswell.http.timestamps import timestamp_of
from groundswell.reports.catalogue import METRICS, Unit
from groundswell.reports.documents import value_out
from groundswell.reports.insights import Insight, Kpi
from groundswell.reports.model import Report
from groundswell.reports.money import spelled


class KpiOut(Out):
    """`value` of money is a decimal string. `change` is a share of the period before: 0.5 is half as much again, null
    where there was nothing. `rows_url` leads to what it is made of."""

    name: str
    currency: str | None
    value: FigureOut
    previous: FigureOut
    change: float | None
    rows_url: str


class InsightOut(Out):
    text: str
    kpi: str
    evidence: dict[str, Any]


class OverviewOut(Out):
    start: Time = Field(serialization_alias="from")
    end: Time = Field(serialization_alias="to")
    timezone: str
    kpis: list[KpiOut]
    insights: list[InsightOut]
    as_of: Time
    late_sources: list[LateOut]


def overview_out(report: Report, kpis: Sequence[Kpi], insights: Sequence[Insight], client_id: str) -> OverviewOut:
    question, answer = report.question, report.answer
    return OverviewOut(
        start=timestamp_of(question.window.start),
        end=timestamp_of(question.window.end),
        timezone=question.timezone,
        kpis=[_kpi_out(kpi, report, client_id) for kpi in kpis],
        insights=[
            InsightOut(text=insight.text, kpi=insight.kpi, evidence=_plain(insight.evidence)) for insight in insights
        ],
        as_of=timestamp_of(answer.as_of),
        late_sources=[LateOut.model_validate(late_source) for late_source in answer.late],
    )


def _kpi_out(kpi: Kpi, report: Report, client_id: str) -> KpiOut:
    unit = METRICS[kpi.name].unit
    return KpiOut(
        name=kpi.name,
        currency=kpi.currency,
        value=kpi_value(unit, kpi.value, kpi.currency),
        previous=kpi_value(unit, kpi.previous, kpi.currency),
        change=None if kpi.change is None else round(float(kpi.change), 4),
        rows_url=_rows_url(kpi, report, client_id),
    )


def kpi_value(unit: Unit, value: Decimal | None, currency: str | None) -> FigureOut:
    return spelled(value, currency or "") if value is not None and unit is Unit.MONEY else value_out(unit, value)


_ADS = "/api/v1/reports/performance?dimension=campaign_id&"
_RANGED = "from={start}&to={end}&timezone={timezone}&client_id={client}"
_ROWS = {
    "events": f"/api/v1/analytics/events?{_RANGED}",
    "revenue": f"/api/v1/analytics/events?currency={{currency}}&{_RANGED}",
    "active_people": f"/api/v1/analytics/persons?{_RANGED}",
    "new_people": f"/api/v1/analytics/persons?new=true&{_RANGED}",
    "leads": "/api/v1/leads?created_from={start}&created_to={end}&client_id={client}",
    "converted": "/api/v1/leads?status=converted&created_from={start}&created_to={end}&client_id={client}",
}
"""What a figure is made of: as many rows, or rows that add up to it. Figures of ads are those of their campaigns."""


def _rows_url(kpi: Kpi, report: Report, client_id: str) -> str:
    window = report.question.window
    start, end = (
        timestamp_of(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for moment in (window.start, window.end)
    )
    rows = _ROWS.get(kpi.name, _ADS + _RANGED)
    zone_name = quote(report.question.timezone, safe="/")
    return rows.format(start=start, end=end, client=client_id, timezone=zone_name, currency=kpi.currency)


def _plain(evidence: Mapping[str, Any]) -> dict[str, Any]:
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in evidence.items()}
