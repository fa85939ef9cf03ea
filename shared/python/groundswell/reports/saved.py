"""Reports that are kept, shared and sent on time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import millis, spelled
from groundswell.kernel.errors import Conflict, NotFound
from groundswell.kernel.ranges import span, zone
from groundswell.reports.catalogue import of
from groundswell.reports.model import ORIGINS_OF, USUAL_DIMENSION, Kind, Question

SHARED_FOR = timedelta(days=14)
RECIPIENTS_AT_MOST = 50


class ReportNotFound(NotFound):
    code = "REPORT_NOT_FOUND"
    message = "No such report"


class ScheduleNotFound(NotFound):
    code = "REPORT_SCHEDULE_NOT_FOUND"
    message = "No such schedule"


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
    """`report_id` is a saved report's, or a kind's name. `cron` is on the clocks of `timezone`."""

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
    version: int = 0


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
    """Who has the link reads the report until then. `start` and `end` fix its range, where it does not move."""

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
    version: int = 0


def window_texts(window: Window) -> tuple[str, str]:
    """Both ends as `span` reads them."""
    return spelled(window.start), spelled(window.end)
