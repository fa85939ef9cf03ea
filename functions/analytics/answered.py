"""What every answer of the engine says of itself."""

from pydantic import Field

from functions.analytics.annotations.schemas import AnnotationOut
from groundswell.http.schema import Out, Time


class AnsweredOut(Out):
    as_of: Time = Field(description="Everything received up to about then is in it")
    cached_at: Time | None = Field(
        default=None,
        description="Since when this answer is kept, which holds as long as nothing it depends on moves: days that are "
        "over are answered once in 24 h. Null: it was just made",
    )


class OverTimeOut(AnsweredOut):
    annotations: list[AnnotationOut] = Field(
        default=[], description="What happened meanwhile; not with a worker's answer"
    )
