"""Wire shapes of silences."""

from typing import Annotated, Any

from pydantic import Field

from functions.alerts.fields import Comment, Named
from groundswell.alerts.model import Silence
from groundswell.http.schema import In, Out, Time
from groundswell.http.timestamps import Timestamp


class SilenceCreate(In):
    """All `matchers` are to be equal: `alert_id`, `alert_type`, `name`, `severity`, or a dimension."""

    matchers: Annotated[dict[Named, Named], Field(min_length=1, max_length=10)]
    ends_at: Timestamp
    starts_at: Timestamp | None = Field(default=None, description="Now if absent")
    comment: Comment | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("matchers", "ends_at", "starts_at", "comment")}


class SilenceOut(Out):
    id: str
    matchers: dict[str, str]
    starts_at: Time
    ends_at: Time
    comment: str
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def silence_out(silence: Silence) -> SilenceOut:
    return SilenceOut.model_validate(silence)
