"""Wire shapes of dead letters."""

from pydantic import BaseModel

from groundswell.admin.deadletters.model import DeadLetterQueue, Letter, Origin
from groundswell.http.schema import Time


class DeadLetterQueueOut(BaseModel):
    """`letters` is about how many there are, as SQS counts."""

    source: str
    origin: Origin
    letters: int


class LetterOut(BaseModel):
    """`reason` is null where the platform gave up without one: the message was received too often."""

    id: str
    source: str
    origin: Origin
    reason: str | None
    first_seen: Time
    receives: int


class LetterWithBody(LetterOut):
    body: str
    attributes: dict[str, str]


def queue_out(queue: DeadLetterQueue) -> DeadLetterQueueOut:
    return DeadLetterQueueOut(source=queue.source.name, origin=queue.source.origin, letters=queue.letters)


def letter_out(letter: Letter) -> LetterOut:
    return LetterOut(
        id=letter.id,
        source=letter.source.name,
        origin=letter.source.origin,
        reason=letter.reason,
        first_seen=letter.first_seen,
        receives=letter.receives,
    )


def with_body(letter: Letter) -> LetterWithBody:
    return LetterWithBody(**letter_out(letter).model_dump(), body=letter.body, attributes=dict(letter.attributes))
