"""Wire shapes of reports."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, AwareDatetime, Field, StrictBool, StringConstraints

from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.http.email import Email
from groundswell.http.range import RangedIn
from groundswell.http.schema import Changes, In, Line, Out, Time
from groundswell.http.timestamps import RangeEnd, timestamp_of
from groundswell.kernel.ranges import zone
from groundswell.reports.catalogue import METRICS, Origin, Unit
from groundswell.reports.insights import Insight, Kpi
from groundswell.reports.model import Answer, Figures, Report, Value
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
    start: Time = Field(serialization_alias="from")
    end: Time = Field(serialization_alias="to")
    totals: dict[str, FigureOut]
    series: list[dict[str, Any]]


class ReportOut(Out):
    """`totals`, and each line of `series` (by `ts`) and `breakdown` (by its dimensions), have the metrics by name.
    Money is decimal strings by currency; null is unknown, which is not 0. `late_sources` do not say everything."""

    id: str | None = Field(default=None, description="Of a saved report")
    name: str | None = None
    metrics: list[str]
    dimensions: list[str]
    start: Time = Field(serialization_alias="from")
    end: Time = Field(serialization_alias="to")
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
    question, answer, before = report.question, report.answer, report.previous
    calendar = question.calendar
    return ReportOut(
        metrics=[(names or {}).get(each, each) for each in question.metrics],
        dimensions=list(question.dimensions),
        start=timestamp_of(question.window.start),
        end=timestamp_of(question.window.end),
        timezone=question.timezone,
        granularity=question.granularity,
        totals=figures_out(answer.totals, names),
        series=_series_out(answer, calendar, names),
        breakdown=[{**each.values, **figures_out(each.figures, names)} for each in answer.breakdown],
        previous=_period_out(report, before, names) if before else None,
        as_of=timestamp_of(answer.as_of),
        late_sources=[LateOut.model_validate(each) for each in answer.late],
        **more,
    )


def _series_out(answer: Answer, calendar: Calendar, names: Mapping[str, str] | None) -> list[dict[str, Any]]:
    return [{"ts": calendar.spelled(start), **figures_out(figures, names)} for start, figures in answer.series.items()]


def _period_out(report: Report, before: Answer, names: Mapping[str, str] | None) -> PeriodOut:
    window = report.question.window.previous
    return PeriodOut(
        start=timestamp_of(window.start),
        end=timestamp_of(window.end),
        totals=figures_out(before.totals, names),
        series=_series_out(before, report.question.calendar, names),
    )


def figures_out(figures: Figures, names: Mapping[str, str] | None = None) -> dict[str, FigureOut]:
    return {(names or {}).get(name, name): value_out(METRICS[name].unit, value) for name, value in figures.items()}


def value_out(unit: Unit, value: Value) -> FigureOut:
    if isinstance(value, Mapping):
        money = unit is Unit.MONEY
        return {currency: spelled(amount, currency) if money else float(amount) for currency, amount in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and unit is Unit.COUNT else float(value)
    return value


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
        runs=[RunOut.model_validate(each) for each in runs],
        created_by=report.created_by,
        created_at=report.created_at,
        updated_at=report.updated_at,
        version=report.version,
    )


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


def overview_out(report: Report, found: Sequence[Kpi], insights: Sequence[Insight], client_id: str) -> OverviewOut:
    question, answer = report.question, report.answer
    return OverviewOut(
        start=timestamp_of(question.window.start),
        end=timestamp_of(question.window.end),
        timezone=question.timezone,
        kpis=[_kpi_out(each, report, client_id) for each in found],
        insights=[InsightOut(text=each.text, kpi=each.kpi, evidence=_plain(each.evidence)) for each in insights],
        as_of=timestamp_of(answer.as_of),
        late_sources=[LateOut.model_validate(each) for each in answer.late],
    )


def _kpi_out(kpi: Kpi, report: Report, client_id: str) -> KpiOut:
    unit = METRICS[kpi.name].unit
    return KpiOut(
        name=kpi.name,
        currency=kpi.currency,
        value=_kpi_value(unit, kpi.value, kpi.currency),
        previous=_kpi_value(unit, kpi.previous, kpi.currency),
        change=None if kpi.change is None else round(float(kpi.change), 4),
        rows_url=_rows_url(kpi, report, client_id),
    )


def _kpi_value(unit: Unit, value: Decimal | None, currency: str | None) -> FigureOut:
    return spelled(value, currency or "") if value is not None and unit is Unit.MONEY else value_out(unit, value)


_ROWS = {
    Origin.EVENTS: "/api/v1/analytics/events?from={start}&to={end}&client_id={client}",
    Origin.ADS: "/api/v1/reports/performance?dimension=campaign_id&from={start}&to={end}&client_id={client}",
    Origin.LEADS: "/api/v1/leads?created_from={start}&created_to={end}&client_id={client}",
}


def _rows_url(kpi: Kpi, report: Report, client_id: str) -> str:
    window = report.question.window
    start, end = (
        timestamp_of(each).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for each in (window.start, window.end)
    )
    return _ROWS[METRICS[kpi.name].origin].format(start=start, end=end, client=client_id)


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
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in dict(self).items() if value is not None and name != "client_id"}


class ScheduleUpdate(Changes):
    required: ClassVar[frozenset[str]] = frozenset(
        {"report_id", "cron", "recipients", "timezone", "format", "skip_if_empty"}
    )

    report_id: ReportId | None = None
    cron: Cron | None = None
    recipients: Recipients | None = None
    timezone: Zone | None = None
    format: Format | None = None
    skip_if_empty: StrictBool | None = None
    client_id: str | None = None


class ScheduleOut(Out):
    id: str
    report_id: str
    cron: str
    timezone: str
    recipients: list[str]
    format: Format
    skip_if_empty: bool
    paused: bool
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def schedule_out(schedule: Schedule) -> ScheduleOut:
    return ScheduleOut.model_validate(schedule)


class ShareIn(In):
    expires_at: AwareDatetime | None = Field(default=None, description="In 14 days if absent")
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
