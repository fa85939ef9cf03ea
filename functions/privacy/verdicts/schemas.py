"""Wire shapes of verdicts."""

from groundswell.events.rejections.model import Rejected, Tallied
from groundswell.http.schema import Out, Time
from groundswell.http.timestamps import timestamp_of


class RejectedOut(Out):
    """`event` is what came, without secrets and personal fields, cut where it is long. With `accepted` it is a warning:
    the event counts, less what the message names."""

    index: int
    code: str
    message: str
    received_at: Time
    event_id: str | None
    name: str | None
    event: str
    accepted: bool


class OwnRejectedOut(Out):
    """With `accepted` it is a warning: the event counts, less what the message names."""

    index: int
    code: str
    message: str
    received_at: Time
    accepted: bool


class TalliedOut(Out):
    hour: Time
    code: str
    count: int


def rejected_out(rejected: Rejected) -> RejectedOut:
    return RejectedOut(
        index=rejected.index,
        code=rejected.code,
        message=rejected.message,
        received_at=timestamp_of(rejected.received),
        event_id=rejected.id,
        name=rejected.name,
        event=rejected.event,
        accepted=rejected.accepted,
    )


def own_rejected_out(rejected: Rejected) -> OwnRejectedOut:
    return OwnRejectedOut(
        index=rejected.index,
        code=rejected.code,
        message=rejected.message,
        received_at=timestamp_of(rejected.received),
        accepted=rejected.accepted,
    )


def tallied_out(tallied: Tallied) -> TalliedOut:
    return TalliedOut(hour=timestamp_of(tallied.hour), code=tallied.code, count=tallied.count)
