"""Wire shapes of reports, their runs and exports."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field, StrictBool

from functions.reports.fields import Dimensions, FigureOut, Filters, Metrics, Zone
from groundswell.analytics.questions.model import Granularity
from groundswell.http.range import RangedIn
from groundswell.http.schema import Changes, Line, Out, Time
from groundswell.http.timestamps import RangeEnd
from groundswell.reports.catalogue import Origin, Unit
from groundswell.reports.documents import document
from groundswell.reports.model import Report
from groundswell.reports.saved import Definition, Format, Run, RunStatus, SavedReport


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
            filters_of(self.filters),
            self.start,
            self.end,
            self.timezone or self.tz or clients,
            self.granularity,
        )


def filters_of(filters: Mapping[str, str | tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
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
            changed["filters"] = filters_of(changed["filters"])
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
