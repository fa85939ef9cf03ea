"""Wire shapes of reports."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from urllib.parse import quote

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from groundswell.analytics.questions.model import Granularity
from groundswell.http.email import Email
from groundswell.http.range import RangedIn
from groundswell.http.schema import Changes, In, Line, Out, Time
from groundswell.http.timestamps import RangeEnd, Timestamp, timestamp_of
from groundswell.kernel.ranges import zone
from groundswell.reports.catalogue import METRICS, Origin, Unit
from groundswell.reports.documents import document, value_out
from groundswell.reports.insights import Insight, Kpi
from groundswell.reports.model import Report
from groundswell.reports.money import spelled
from groundswell.reports.saved import (
    RECIPIENTS_AT_MOST,
    Definition,
    Format,
    Run,
    RunStatus,
    SavedReport,
    Schedule,
    Share,
)

DIMENSIONS_AT_MOST = 2


def _known(name: str) -> str:
    if name not in METRICS:
        raise ValueError(f"one of {', '.join(METRICS)}")
    return name


def _zone(name: str) -> str:
    zone(name)
    return name


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
MetricName = Annotated[str, StringConstraints(max_length=50), AfterValidator(_known)]
Metrics = Annotated[tuple[MetricName, ...], Field(min_length=1, max_length=len(METRICS)), AfterValidator(_once)]
Dimensions = Annotated[tuple[Name, ...], Field(max_length=DIMENSIONS_AT_MOST), AfterValidator(_once)]
Values = Annotated[tuple[Name, ...], Field(min_length=1, max_length=100)]
Filters = Annotated[dict[Name, Name | Values], Field(max_length=10)]
OwnRows = Annotated[dict[Email, Filters], Field(max_length=RECIPIENTS_AT_MOST)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
Cron = Annotated[str, StringConstraints(min_length=1, max_length=100)]
ReportId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Recipients = Annotated[tuple[Email, ...], Field(min_length=1, max_length=RECIPIENTS_AT_MOST), AfterValidator(_once)]
FigureOut = int | float | str | dict[str, str | float] | None


class CustomIn(RangedIn):
    """`metrics` as GET /reports/metrics lists them. `filters` are values by dimension. Its range may move (`-7d`): a
    report that is saved is asked anew each time."""

    name: Line
    metrics: Metrics
    dimensions: Dimensions = ()
    filters: Filters = Field(default_factory=dict)
    granularity: Granularity = Granularity.DAY
    save: StrictBool = False

    def definition(self, clients: str) -> Definition:
        return Definition(
            self.metrics,
            self.dimensions,
            _filters(self.filters),
            self.start,
            self.end,
            self.timezone or self.tz or clients,
            self.granularity,
        )


def _filters(filters: Mapping[str, str | tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: (value,) if isinstance(value, str) else value for name, value in filters.items()}


def _own_rows(own_rows: Mapping[str, Mapping[str, str | tuple[str, ...]]]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {recipient: _filters(filters) for recipient, filters in own_rows.items()}


class ReportUpdate(Changes):
    """Absent keeps; `null` clears an end of the range."""

    required: ClassVar[frozenset[str]] = frozenset(
        {"name", "metrics", "dimensions", "filters", "timezone", "granularity"}
    )

    name: Line | None = None
    metrics: Metrics | None = None
    dimensions: Dimensions | None = None
    filters: Filters | None = None
    start: RangeEnd | None = Field(default=None, alias="from")
    end: RangeEnd | None = Field(default=None, alias="to")
    timezone: Zone | None = None
    granularity: Granularity | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        changed = self.changes()
        if "filters" in changed:
            changed["filters"] = _filters(changed["filters"])
        return changed


class LateOut(Out):
    """`until` is up to when the source says something."""

    source: str
    reason: str
    until: str | None


class PeriodOut(Out):
    start: Time = Field(alias="from")
    end: Time = Field(alias="to")
    totals: dict[str, FigureOut]
    series: list[dict[str, Any]]


class ReportOut(Out):
    """`totals`, and each line of `series` (by `ts`) and `breakdown` (by its dimensions), have the metrics by name.
    Money is decimal strings by currency; null is unknown, which is not 0. `late_sources` do not say everything."""

    id: str | None = Field(default=None, description="Of a saved report")
    name: str | None = None
    metrics: list[str]
    dimensions: list[str]
    start: Time = Field(alias="from")
    end: Time = Field(alias="to")
    timezone: str
    granularity: Granularity
    totals: dict[str, FigureOut]
    series: list[dict[str, Any]]
    breakdown: list[dict[str, Any]]
    previous: PeriodOut | None
    as_of: Time
    late_sources: list[LateOut]


def report_out(report: Report, names: Mapping[str, str] | None = None, **more: Any) -> ReportOut:
    """`names` are what metrics are called where that is not their own name."""
    return ReportOut.model_validate(document(report, names) | more, by_alias=True)


class MetricOut(Out):
    name: str
    origin: Origin
    unit: Unit
    definition: str
    dimensions: list[str]


class DefinitionOut(Out):
    metrics: list[str]
    dimensions: list[str]
    filters: dict[str, list[str]]
    start: str | None = Field(serialization_alias="from")
    end: str | None = Field(serialization_alias="to")
    timezone: str
    granularity: Granularity


class RunOut(Out):
    """`due` is when it was to run, `url` a link to what was sent."""

    schedule_id: str
    report_id: str
    due: Time
    ran_at: Time
    status: RunStatus
    recipients: int
    url: str | None
    error: str | None
    by: str


class SavedOut(Out):
    """With the newest ten runs of its schedules."""

    id: str
    name: str
    definition: DefinitionOut
    runs: list[RunOut]
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def saved_out(report: SavedReport, runs: Sequence[Run] = ()) -> SavedOut:
    return SavedOut(
        id=report.id,
        name=report.name,
        definition=DefinitionOut.model_validate(report.definition),
        runs=[RunOut.model_validate(run) for run in runs],
        created_by=report.created_by,
        created_at=report.created_at,
        updated_at=report.updated_at,
        version=report.version,
    )


class ExportOut(Out):
    """`by` is a user, an API key or `share:<link>`. `bytes` is null for a file that a worker makes: see
    `operation_id`."""

    id: str
    report_id: str | None
    name: str
    format: Format
    rows: int
    bytes: int | None
    by: str
    operation_id: str | None
    created_at: Time


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


class ScheduleCreate(In):
    """`report_id` is a saved report's, or `growth`, `performance` or `leads`. `cron` has five fields (any minute), on
    the clocks of `timezone`; the client's if absent."""

    report_id: ReportId
    cron: Cron
    recipients: Recipients
    timezone: Zone | None = None
    format: Format = Format.XLSX
    skip_if_empty: StrictBool = False
    own_rows: OwnRows = Field(
        default_factory=dict, description="Filters by recipient, who then gets the rows that pass them alone"
    )
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in dict(self).items() if value is not None and name != "client_id"}
        return values | {"own_rows": _own_rows(self.own_rows)}


class ScheduleUpdate(Changes):
    required: ClassVar[frozenset[str]] = frozenset(
        {"report_id", "cron", "recipients", "timezone", "format", "skip_if_empty", "own_rows"}
    )

    report_id: ReportId | None = None
    cron: Cron | None = None
    recipients: Recipients | None = None
    timezone: Zone | None = None
    format: Format | None = None
    skip_if_empty: StrictBool | None = None
    own_rows: OwnRows | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        changed = self.changes()
        if "own_rows" in changed:
            changed["own_rows"] = _own_rows(changed["own_rows"])
        return changed


class ScheduleOut(Out):
    id: str
    report_id: str
    cron: str
    timezone: str
    recipients: list[str]
    format: Format
    skip_if_empty: bool
    own_rows: dict[str, dict[str, list[str]]]
    paused: bool
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def schedule_out(schedule: Schedule) -> ScheduleOut:
    return ScheduleOut.model_validate(schedule)


class ShareIn(In):
    expires_at: Timestamp | None = Field(default=None, description="In 14 days if absent")
    client_id: str | None = None


class ShareOut(Out):
    id: str
    report_id: str
    url: str
    expires_at: Time
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def share_out(share: Share, url: str) -> ShareOut:
    shown = {name: getattr(share, name) for name in ShareOut.model_fields if hasattr(share, name)}
    return ShareOut(**shown, url=url, expires_at=share.ends_at)
