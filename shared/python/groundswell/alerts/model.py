"""An alert: what it watches, when it fires, and what is done then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from groundswell.access.model import ClientContext, Role
from groundswell.kernel.durations import parse_duration
from groundswell.kernel.errors import Conflict, Forbidden, NotFound
from groundswell.schedules.cron import Recurrence
from groundswell.tasks.model import Priority

EMAILS_AT_MOST = 20
LEVELS_AT_MOST = 5
MUTE_WINDOWS_AT_MOST = 20


class AlertNotFound(NotFound):
    code = "ALERT_NOT_FOUND"
    message = "No such alert"


class SilenceNotFound(NotFound):
    code = "SILENCE_NOT_FOUND"
    message = "No such silence"


class InstanceNotFound(NotFound):
    code = "ALERT_INSTANCE_NOT_FOUND"
    message = "No such instance of an alert"


class InstanceClosed(Conflict):
    code = "ALERT_INSTANCE_CLOSED"
    message = "This instance has ended already"


class AlertType(StrEnum):
    CPLPV = "cplpv"
    EROAS = "eroas"
    CPC = "cpc"
    CPM = "cpm"
    CTR = "ctr"
    CPA = "cpa"
    ROAS = "roas"
    SPEND = "spend"
    CONVERSIONS = "conversions"
    REVENUE = "revenue"
    EVENT_COUNT = "event_count"
    METRIC = "metric"


class Operator(StrEnum):
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    CHANGE_GT = "change_gt"
    CHANGE_LT = "change_lt"
    NO_DATA = "no_data"

    @property
    def compares_periods(self) -> bool:
        return self in (Operator.CHANGE_GT, Operator.CHANGE_LT)

    @property
    def upwards(self) -> bool:
        return self in (Operator.GT, Operator.GTE, Operator.CHANGE_GT)


class Severity(StrEnum):
    """From the least to the most urgent."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Aggregation(StrEnum):
    """Of a custom metric's points."""

    SUM = "sum"
    AVERAGE = "average"
    COUNT = "count"


ALL_ADS = "all_ads"
EVENTS = "events"
METRICS = "metrics"
QUESTION = "question:"
"""What a metric's name begins with that is a saved question; its id is the rest."""


@dataclass(frozen=True)
class Level:
    severity: Severity
    threshold: Decimal


@dataclass(frozen=True)
class Condition:
    """`window` and `holds_for` (`for` on the wire) are durations. A change is in percent of the period before, as long.

    `event` is what is counted, `metric` the custom metric's name, or `question:` and the id of a saved question;
    `currency` the only money that counts. With `provisional`, conversions and revenue of ads are looked at before the
    platform's attribution is over.
    """

    operator: Operator
    threshold: Decimal | None = None
    window: str = "1d"
    dimension: str | None = None
    holds_for: str | None = None
    recovery_threshold: Decimal | None = None
    levels: tuple[Level, ...] = ()
    severity: Severity = Severity.WARNING
    event: str | None = None
    metric: str | None = None
    aggregation: Aggregation = Aggregation.SUM
    currency: str | None = None
    provisional: bool = False

    @property
    def question(self) -> str | None:
        """The id of the saved question that is watched."""
        metric = self.metric or ""
        return metric.removeprefix(QUESTION) if metric.startswith(QUESTION) else None

    @property
    def length(self) -> timedelta:
        return parse_duration(self.window)

    @property
    def patience(self) -> timedelta:
        """How long it must hold before it fires."""
        return parse_duration(self.holds_for) if self.holds_for else timedelta(0)

    @property
    def lines(self) -> tuple[Level, ...]:
        """Every line that can be crossed, the most severe first."""
        own = () if self.threshold is None else (Level(self.severity, self.threshold),)
        lines = {level.severity: level for level in (*own, *self.levels)}
        return tuple(sorted(lines.values(), key=lambda line: -line.severity.rank))


@dataclass(frozen=True)
class CreateTask:
    assignees: tuple[str, ...] = ()
    priority: Priority = Priority.HIGH


@dataclass(frozen=True)
class Escalation:
    emails: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Actions:
    """`escalate_after` is how long nobody may have acknowledged it. `throttle` is the least time between two messages
    of the alert; what happens meanwhile is told together after it. `notify_resolved` tells of the end, too.
    `slack_webhook_url` is sealed once the alert is kept, and `slack_shown` is what people see of it."""

    create_task: CreateTask | None = None
    emails: tuple[str, ...] = ()
    slack_webhook_url: str | None = None
    webhook: bool = False
    escalate_after: str | None = None
    escalate_to: Escalation | None = None
    notify_resolved: bool = False
    throttle: str | None = None
    slack_shown: str | None = None


@dataclass(frozen=True)
class MuteWindow:
    """On those days (`mon`; none: every day), between two times of the day. One that ends earlier than it begins ends
    the next day, and belongs to the day on which it began."""

    starts: str
    ends: str
    weekdays: tuple[str, ...] = ()
    timezone: str = "UTC"


@dataclass(frozen=True)
class Frequency:
    """As written: `every` is a duration."""

    every: str | None = None
    cron: str | None = None
    timezone: str = "UTC"

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(parse_duration(self.every) if self.every else None, self.cron, self.timezone)


@dataclass(frozen=True)
class Alert:
    """`timezone` is what days of ads are local to."""

    id: str
    client_id: str
    org_id: str
    name: str
    alert_type: AlertType
    data_source: str
    condition: Condition
    actions: Actions
    frequency: Frequency
    created_by: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    is_active: bool = True
    is_default: bool = False
    mute_windows: tuple[MuteWindow, ...] = ()
    timezone: str = "UTC"
    version: int = 0

    def need_editable_by(self, acting: ClientContext) -> None:
        """A member edits what they created, an editor everything. Raises Forbidden."""
        if not acting.role.covers(Role.EDITOR) and acting.actor_id != self.created_by:
            raise Forbidden("A member changes alerts of their own; an editor changes all")

    def next_due(self, now: datetime) -> datetime:
        return self.frequency.recurrence.after(now, self.created_at)


@dataclass(frozen=True)
class Silence:
    """While it lasts, what matches is recorded and nobody is told. `matchers` are all to be equal: `alert_id`,
    `alert_type`, `severity`, or a dimension."""

    id: str
    client_id: str
    matchers: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    created_by: str
    created_at: datetime
    updated_at: datetime
    comment: str = ""
    version: int = 0
