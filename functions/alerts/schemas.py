"""Wire shapes of alerts."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, StrictBool, StringConstraints

from functions.alerts.fields import Clock, Comment, Duration, Emails, Named, Number, People, Threshold, Url, Weekday
from functions.alerts.results import EvaluationOut, evaluation_out
from groundswell.alerts.model import (
    LEVELS_AT_MOST,
    MUTE_WINDOWS_AT_MOST,
    Actions,
    Aggregation,
    Alert,
    AlertType,
    Condition,
    CreateTask,
    Escalation,
    Frequency,
    Level,
    MuteWindow,
    Operator,
    Severity,
)
from groundswell.alerts.state import State
from groundswell.http.fields import Timezone
from groundswell.http.schema import Changes, In, Line, Out, Time, any_case
from groundswell.tasks.model import Priority


class LevelIn(In):
    severity: Annotated[Severity, any_case(Severity)]
    threshold: Threshold


class ConditionIn(In):
    """`window` is how far back each evaluation looks; ads in whole days, of complete days. `change_gt` and `change_lt`
    compare with the period before, in percent (50, -30). `ctr` is a share (0.012). `for` is how long it must hold, and
    what fires goes on until the value is back behind `recovery_threshold`. `event` is what is counted (or brings in
    revenue), `metric` a custom metric or `question:<id>` of a saved question: the one number of its answer over the
    window. `dimension` is one of `campaign_id`, `account_id`, `platform`, or a field of events (`properties.plan`)."""

    operator: Operator
    threshold: Threshold | None = None
    window: Duration = "1d"
    dimension: Named | None = None
    holds_for: Duration | None = Field(default=None, alias="for")
    recovery_threshold: Threshold | None = None
    levels: Annotated[tuple[LevelIn, ...], Field(max_length=LEVELS_AT_MOST)] = ()
    severity: Annotated[Severity, any_case(Severity)] = Severity.WARNING
    event: Named | None = None
    metric: Named | None = None
    aggregation: Aggregation = Aggregation.SUM
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    provisional: StrictBool = Field(
        default=False, description="Look at conversions and revenue before the platform's attribution is over"
    )

    def condition(self) -> Condition:
        levels = tuple(Level(level.severity, level.threshold) for level in self.levels)
        return Condition(**{**dict(self), "levels": levels})


class CreateTaskIn(In):
    assignees: People = ()
    priority: Annotated[Priority, any_case(Priority)] = Priority.HIGH


class EscalationIn(In):
    emails: Emails = ()
    assignees: People = ()


class ActionsIn(In):
    """What is done when it fires: a task for each instance; one mail for each address, whatever number it tells of.
    `throttle` is the least time between two messages (what is critical does not wait)."""

    create_task: CreateTaskIn | None = None
    emails: Emails = ()
    slack_webhook_url: Url | None = None
    webhook: StrictBool = False
    escalate_after: Duration | None = None
    escalate_to: EscalationIn | None = None
    notify_resolved: StrictBool = False
    throttle: Duration | None = None

    def actions(self) -> Actions:
        task, to = self.create_task, self.escalate_to
        return Actions(
            **{
                **dict(self),
                "create_task": CreateTask(**dict(task)) if task else None,
                "escalate_to": Escalation(**dict(to)) if to else None,
            }
        )


class FrequencyIn(In):
    """Either `every` or `cron` (five fields, on the clocks of `timezone`)."""

    every: Duration | None = None
    cron: Annotated[str, StringConstraints(max_length=100)] | None = None
    timezone: Timezone = "UTC"


class MuteWindowIn(In):
    """One that ends earlier than it begins ends the next day."""

    starts: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7, description="`mon` to `sun`; none: every day")] = ()
    timezone: Timezone = "UTC"


Windows = Annotated[tuple[MuteWindowIn, ...], Field(max_length=MUTE_WINDOWS_AT_MOST)]
Type = Annotated[AlertType, any_case(AlertType)]
SourceName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$"),
    Field(description="`events`, `metrics`, `all_ads` (also `platform`), or a platform's name (`meta_ads`)"),
]


def _values(changes: Mapping[str, Any]) -> dict[str, Any]:
    """In the domain's terms."""
    values = dict(changes)
    if (condition := values.pop("condition_config", None)) is not None:
        values["condition"] = condition.condition()
    if "action_config" in values:
        actions = values.pop("action_config")
        values["actions"] = actions.actions() if actions else Actions()
    if values.get("frequency") is not None:
        values["frequency"] = Frequency(**dict(values["frequency"]))
    if "mute_windows" in values:
        values["mute_windows"] = tuple(MuteWindow(**dict(window)) for window in values["mute_windows"] or ())
    return values


class AlertCreate(Changes):
    name: Line
    alert_type: Type
    condition_config: ConditionIn
    description: Comment | None = None
    data_source: SourceName | None = None
    action_config: ActionsIn | None = None
    frequency: FrequencyIn | None = None
    is_active: StrictBool | None = None
    is_default: StrictBool | None = None
    mute_windows: Windows | None = None
    timezone: Timezone | None = Field(default=None, description="Of days of ads; the client's if absent")
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        changes = {name: value for name, value in self.changes().items() if value is not None}
        return {"actions": Actions(), **_values(changes)}


class AlertUpdate(Changes):
    """Absent keeps; `null` clears. Each of the three configurations is replaced as a whole."""

    required: ClassVar[frozenset[str]] = frozenset(
        {"name", "alert_type", "condition_config", "frequency", "is_active", "is_default", "timezone"}
    )

    name: Line | None = None
    alert_type: Type | None = None
    condition_config: ConditionIn | None = None
    description: Comment | None = None
    data_source: SourceName | None = None
    action_config: ActionsIn | None = None
    frequency: FrequencyIn | None = None
    is_active: StrictBool | None = None
    is_default: StrictBool | None = None
    mute_windows: Windows | None = None
    timezone: Timezone | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        return _values(self.changes())


class LevelOut(Out):
    severity: Severity
    threshold: Number


class ConditionOut(Out):
    operator: Operator
    threshold: Number | None
    window: str
    dimension: str | None
    holds_for: str | None = Field(serialization_alias="for")
    recovery_threshold: Number | None
    levels: list[LevelOut]
    severity: Severity
    event: str | None
    metric: str | None
    aggregation: Aggregation
    currency: str | None
    provisional: bool


class CreateTaskOut(Out):
    assignees: list[str]
    priority: Priority


class EscalationOut(Out):
    emails: list[str]
    assignees: list[str]


class ActionsOut(Out):
    create_task: CreateTaskOut | None
    emails: list[str]
    slack_webhook_url: str | None = Field(
        validation_alias="slack_shown",
        description="Its host and its last letters: the rest is a secret. Sent back, it keeps what there is",
    )
    webhook: bool
    escalate_after: str | None
    escalate_to: EscalationOut | None
    notify_resolved: bool
    throttle: str | None


class FrequencyOut(Out):
    every: str | None
    cron: str | None
    timezone: str


class MuteWindowOut(Out):
    starts: str = Field(serialization_alias="from")
    ends: str = Field(serialization_alias="to")
    weekdays: list[str]
    timezone: str


class AlertOut(Out):
    id: str
    client_id: str
    name: str
    description: str | None
    alert_type: AlertType
    data_source: str
    condition_config: ConditionOut
    action_config: ActionsOut
    frequency: FrequencyOut
    mute_windows: list[MuteWindowOut]
    timezone: str
    is_active: bool
    is_default: bool
    evaluation: EvaluationOut | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def alert_out(alert: Alert, state: State | None) -> AlertOut:
    shown = {name: getattr(alert, name) for name in AlertOut.model_fields if hasattr(alert, name)}
    return AlertOut.model_validate(
        {
            **shown,
            "condition_config": ConditionOut.model_validate(alert.condition),
            "action_config": ActionsOut.model_validate(alert.actions),
            "frequency": FrequencyOut.model_validate(alert.frequency),
            "mute_windows": [MuteWindowOut.model_validate(window) for window in alert.mute_windows],
            "evaluation": evaluation_out(state) if state and state.evaluated_at else None,
        }
    )
