"""Wire shapes of instances: each time that an alert fired."""

from pydantic import Field, StrictBool

from functions.alerts.fields import Comment, Duration, Number
from groundswell.alerts.instances import Instance, Status
from groundswell.alerts.model import AlertType, Severity
from groundswell.http.schema import In, Out, Time


class NotificationOut(Out):
    channel: str
    to: str
    state: str
    at: Time


class StepOut(Out):
    at: Time
    before: str | None = Field(serialization_alias="from")
    after: str = Field(serialization_alias="to")
    by: str
    comment: str | None


class InstanceOut(Out):
    id: str
    client_id: str
    alert_id: str
    alert_name: str
    alert_type: AlertType
    status: Status
    severity: Severity
    dimensions: dict[str, str]
    value: Number | None
    threshold: Number | None
    provisional: bool
    forced: bool
    started_at: Time
    ended_at: Time | None
    task_id: str | None
    acknowledged_until: Time | None
    escalated_at: Time | None
    useful: bool | None
    feedback: str | None
    notifications: list[NotificationOut]
    history: list[StepOut]
    created_at: Time
    updated_at: Time
    version: int


def instance_out(instance: Instance) -> InstanceOut:
    return InstanceOut.model_validate(instance)


class CommentIn(In):
    comment: Comment | None = None
    client_id: str | None = None


class AcknowledgeIn(In):
    comment: Comment | None = None
    expires_in: Duration | None = Field(default=None, description="After that it fires anew; never if absent")
    client_id: str | None = None


class FeedbackIn(In):
    useful: StrictBool
    comment: Comment | None = None
    client_id: str | None = None
