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


def rejected_out(each: Rejected) -> RejectedOut:
    return RejectedOut(
        index=each.index,
        code=each.code,
        message=each.message,
        received_at=timestamp_of(each.received),
        event_id=each.id,
        name=each.name,
        event=each.event,
        accepted=each.accepted,
    )


def own_rejected_out(each: Rejected) -> OwnRejectedOut:
    return OwnRejectedOut(
        index=each.index,
        code=each.code,
        message=each.message,
        received_at=timestamp_of(each.received),
        accepted=each.accepted,
    )


def tallied_out(each: Tallied) -> TalliedOut:
    return TalliedOut(hour=timestamp_of(each.hour), code=each.code, count=each.count)
