"""Wire shapes of webhooks."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from functions.webhooks.catalogue import EVENTS
from groundswell.http.schema import In, Out, Time
from groundswell.outbound.target import LONGEST_URL
from groundswell.webhooks.model import OVERLAP, DeliveryStatus, Endpoint, Reason, Status

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LONGEST_OVERLAP = timedelta(days=7)
EventType = Annotated[str, StringConstraints(min_length=1, max_length=100)]
EventTypes = Annotated[
    tuple[EventType, ...],
    Field(max_length=100, description="Types as GET /webhooks/events lists them, or `task.*`; none: all, new ones too"),
]
Url = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_URL), Field(description="https, at a public address")
]
Description = Annotated[str, StringConstraints(max_length=500)]


def _overlap(text: str) -> str:
    if overlap_of(text) > _LONGEST_OVERLAP:
        raise ValueError("at most 7d")
    return text


def overlap_of(text: str) -> timedelta:
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


Duration = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}[mhd]$"), AfterValidator(_overlap)]


class WebhookCreate(In):
    url: Url
    events: EventTypes = ()
    description: Description = ""


class WebhookUpdate(In):
    """Absent keeps. `status` `active` takes a disabled one into use again."""

    url: Url | None = None
    events: EventTypes | None = None
    description: Description | None = None
    status: Status | None = None

    @field_validator("url", "events", "description", "status")
    @classmethod
    def _kept[T](cls, value: T | None) -> T:
        if value is None:
            raise ValueError("cannot be cleared")
        return value

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class WebhookOut(Out):
    id: str
    url: str
    description: str
    events: list[str]
    status: Status
    disabled_reason: Reason | None
    disabled_at: Time | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class WebhookCreated(WebhookOut):
    """With its secret, shown this once."""

    secret: str


def webhook_created(endpoint: Endpoint, secret: str) -> WebhookCreated:
    return WebhookCreated(**WebhookOut.model_validate(endpoint).model_dump(), secret=secret)


class SecretRotate(In):
    overlap: Duration = Field(
        default=f"{OVERLAP.days}d",
        description="How long the old secret signs besides the new one: `0m` if it leaked, 7 days at most",
    )


class AttemptOut(Out):
    at: Time
    milliseconds: int
    status_code: int | None
    error: str | None
    response: str


class DeliveryOut(Out):
    """`webhook-id` is `event_id`. A round is ten attempts over about 76 h; a replay begins another one."""

    id: str
    event_id: str
    event_type: str
    status: DeliveryStatus
    round: int
    created_at: Time
    next_attempt_at: Time | None
    finished_at: Time | None
    attempts: list[AttemptOut]


class DeliveryWhole(DeliveryOut):
    payload: str = Field(description="The body as it is sent, and signed")


class EventOut(Out):
    type: str
    payload: dict[str, Any] = Field(description="A whole body, as an example")
    schema_: dict[str, Any] = Field(serialization_alias="schema", description="JSON Schema of the body")


def event_out(event_type: str) -> EventOut:
    from groundswell.webhooks.schema import payload_schema

    data = EVENTS[event_type]
    example = {"type": event_type, "timestamp": "2026-11-30T12:00:00.000Z", "data": data}
    return EventOut(type=event_type, payload=example, schema_=payload_schema(event_type, data))
