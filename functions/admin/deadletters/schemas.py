"""Wire shapes of dead letters."""

from datetime import datetime

from pydantic import BaseModel

from groundswell.admin.deadletters.model import Letter, Origin, Shelf


class ShelfOut(BaseModel):
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
    first_seen: datetime
    receives: int


class LetterWithBody(LetterOut):
    body: str
    attributes: dict[str, str]


def shelf_out(shelf: Shelf) -> ShelfOut:
    return ShelfOut(source=shelf.source.name, origin=shelf.source.origin, letters=shelf.letters)


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
