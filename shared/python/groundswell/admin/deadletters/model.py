"""A dead letter, and where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from groundswell.kernel.errors import Conflict, NotFound


class LetterNotFound(NotFound):
    code = "DEAD_LETTER_NOT_FOUND"
    message = "No such dead letter; one that somebody else looks at is out of sight for some seconds: try again"


class SourceNotFound(NotFound):
    code = "DEAD_LETTER_SOURCE_NOT_FOUND"
    message = "No such source of dead letters"


class NotReplayable(Conflict):
    code = "NOT_REPLAYABLE"


class Origin(StrEnum):
    """What the letter's worker reads."""

    QUEUE = "queue"
    STREAM = "stream"
    SCHEDULE = "schedule"


@dataclass(frozen=True)
class Source:
    """`name` is the queue's for a queue, else the function's."""

    name: str
    origin: Origin


@dataclass(frozen=True)
class Letter:
    """`reason` is None where the platform gave up without one: the message was received too often."""

    id: str
    source: Source
    body: str
    reason: str | None
    first_seen: datetime
    receives: int
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DeadLetterQueue:
    """How many letters a source has; about, as SQS counts."""

    source: Source
    letters: int
