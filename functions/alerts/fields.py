"""Types of fields that several wire shapes of alerts have."""

from datetime import time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from groundswell.alerts.model import EMAILS_AT_MOST
from groundswell.alerts.muting import WEEKDAYS
from groundswell.http.email import Email
from groundswell.kernel.durations import parse_duration
from groundswell.tasks.model import ASSIGNEES_AT_MOST

LONGEST_COMMENT = 2000


def _duration(text: str) -> str:
    parse_duration(text)
    return text


def _clock(text: str) -> str:
    return time.fromisoformat(text).strftime("%H:%M")


def _weekday(text: Any) -> Any:
    return text.strip().lower()[:3] if isinstance(text, str) else text


Duration = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,6}[smhdw]$"),
    AfterValidator(_duration),
    Field(description="A number and a unit: 15m, 6h, 1d"),
]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), AfterValidator(_clock)]
Weekday = Annotated[str, BeforeValidator(_weekday), StringConstraints(pattern=f"^({'|'.join(WEEKDAYS)})$")]

Threshold = Annotated[Decimal, Field(allow_inf_nan=False, ge=-(10**15), le=10**15)]
Number = Annotated[Decimal, PlainSerializer(float, when_used="json"), WithJsonSchema({"type": "number"})]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
People = Annotated[tuple[Id, ...], Field(max_length=ASSIGNEES_AT_MOST)]
Emails = Annotated[tuple[Email, ...], Field(max_length=EMAILS_AT_MOST)]
Url = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Comment = Annotated[str, StringConstraints(max_length=LONGEST_COMMENT)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=200)]
