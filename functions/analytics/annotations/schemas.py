"""Wire shapes of annotations."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from functions.analytics.questions.schemas import EventName
from groundswell.analytics.saved.model import Annotation
from groundswell.http.schema import Changes, Out, Time
from groundswell.http.timestamps import Timestamp
from groundswell.kernel.clock import rfc3339

Text = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
Events = Annotated[tuple[EventName, ...], Field(max_length=50, description="Beside series of these events alone")]


class AnnotationCreate(Changes):
    """What happened `at` a time: it is shown beside every series over it."""

    at: Timestamp
    text: Text
    events: Events = ()
    client_id: str | None = None


class AnnotationUpdate(Changes):
    """Absent keeps."""

    required: ClassVar[frozenset[str]] = frozenset({"at", "text", "events"})

    at: Timestamp | None = None
    text: Text | None = None
    events: Events | None = None
    client_id: str | None = None


class AnnotationOut(Out):
    id: str
    at: Time
    text: str
    events: list[str]
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def annotation_out(annotation: Annotation) -> dict[str, Any]:
    """What `AnnotationOut` describes."""
    return {
        "id": annotation.id,
        "at": rfc3339(annotation.at),
        "text": annotation.text,
        "events": list(annotation.events),
        "created_by": annotation.created_by,
        "created_at": rfc3339(annotation.created_at),
        "updated_at": rfc3339(annotation.updated_at),
        "version": annotation.version,
    }
