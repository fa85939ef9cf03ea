"""Reports that are kept, shared and sent on time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import millis, spelled
from groundswell.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from groundswell.kernel.ranges import span, zone
from groundswell.reports.catalogue import of
from groundswell.reports.model import ORIGINS_OF, USUAL_DIMENSION, Kind, Question

SHARED_FOR = timedelta(days=14)
RECIPIENTS_AT_MOST = 50


Filters = Mapping[str, tuple[str, ...]]


class ReportNotFound(NotFound):
    code = "REPORT_NOT_FOUND"
    message = "No such report"


class ScheduleNotFound(NotFound):
    code = "REPORT_SCHEDULE_NOT_FOUND"
    message = "No such schedule"


class SenderGone(Forbidden):
    code = "SENDER_GONE"
    message = "Who saved this schedule last may send no reports any more: an editor saves it anew"


class ShareNotFound(NotFound):
    code = "SHARE_LINK_NOT_FOUND"
    message = "No such share link"


class ReportInUse(Conflict):
    code = "IN_USE"
    message = "Schedules send this report: `error.details.where` names them"


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    SVG = "svg"
    PNG = "png"


@dataclass(frozen=True)
class Definition:
    """A question whose range may move: `start` and `end` as they were written (`-7d`, `today`, a date)."""

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    start: str | None = None
    end: str | None = None
    timezone: str = "UTC"
    granularity: Granularity = Granularity.DAY

    def narrowed(self, filters: Filters) -> "Definition":
        """To the rows that pass these filters too. Raises Invalid where one dimension is filtered by both."""
        if twice := sorted(set(filters) & set(self.filters)):
            raise Invalid.on("own_rows", f"the report itself is filtered by {twice[0]}")
        return replace(self, filters={**self.filters, **filters}) if filters else self

    def question(self, now: datetime) -> Question:
        """As of a moment. Raises Invalid."""
        start, end = span(self.start, self.end, zone(self.timezone), now)
        calendar = Calendar(self.granularity, self.timezone)
        window = calendar.recent(millis(now), millis(start) if start else None, millis(end) if end else None)
        return Question(self.metrics, window, self.granularity, self.timezone, self.dimensions, self.filters)


def built_in(kind: Kind, timezone: str, start: str | None = None, end: str | None = None) -> Definition:
    """What `GET /reports/<kind>` answers."""
    return Definition(of(*ORIGINS_OF[kind]), (USUAL_DIMENSION[kind],), {}, start, end, timezone)


@dataclass(frozen=True)
class SavedReport:
    id: str
    client_id: str
    name: str
    definition: Definition
    created_by: str
    created_at: datetime
    updated_at: datetime
    version: int = 0


@dataclass(frozen=True)
class Schedule:
    """`report_id` is a saved report's, or a kind's name. `cron` is on the clocks of `timezone`. A recipient named in
    `own_rows` gets those alone that pass its filters: values by dimension. `saved_by` saved it last,
    and answers for what it sends."""

    id: str
    client_id: str
    org_id: str
    report_id: str
    cron: str
    timezone: str
    recipients: tuple[str, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime
    format: Format = Format.XLSX
    skip_if_empty: bool = False
    paused: bool = False
    own_rows: Mapping[str, Filters] = field(default_factory=dict)
    saved_by: str | None = None
    version: int = 0

    def __post_init__(self) -> None:
        """Raises Invalid."""
        if strangers := sorted(set(self.own_rows) - set(self.recipients)):
            raise Invalid.on(f"own_rows.{strangers[0]}", "not among the recipients")

    def audiences(self) -> Iterator[tuple[Filters, tuple[str, ...]]]:
        """Who gets the same rows, and which."""
        groups: dict[str, tuple[Filters, list[str]]] = {}
        for recipient in self.recipients:
            filters = self.own_rows.get(recipient, {})
            groups.setdefault(str(sorted(filters.items())), (filters, []))[1].append(recipient)
        return ((filters, tuple(recipients)) for filters, recipients in groups.values())

    @property
    def sender(self) -> str:
        return self.saved_by or self.created_by


class RunStatus(StrEnum):
    """`missed`: it was due while nothing ran, and too late to be of use when somebody could."""

    SENT = "sent"
    SKIPPED = "skipped"
    MISSED = "missed"
    FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """One due time of a schedule, or one time that somebody wanted it."""

    id: str
    client_id: str
    schedule_id: str
    report_id: str
    due: datetime
    ran_at: datetime
    status: RunStatus
    recipients: int = 0
    url: str | None = None
    error: str | None = None
    by: str = "system"
    version: int = 0


@dataclass(frozen=True)
class Share:
    """Who has the link reads the report until then. `start` and `end` fix its range, where it does not move; `filters`
    narrow it to somebody's own rows."""

    id: str
    client_id: str
    report_id: str
    ends_at: datetime
    created_by: str
    created_at: datetime
    updated_at: datetime
    timezone: str = "UTC"
    start: str | None = None
    end: str | None = None
    filters: Filters = field(default_factory=dict)
    version: int = 0


def window_texts(window: Window) -> tuple[str, str]:
    """Both ends as `span` reads them."""
    return spelled(window.start), spelled(window.end)
