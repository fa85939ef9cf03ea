"""A sequence, and somebody who goes through it.

Each step has a campaign of its own: a delivery of a step is one of its deliveries, with all that is counted and kept of
these.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.audience.model import Audience, Channel
from groundswell.campaigns.model import From, duration
from groundswell.kernel.errors import Conflict, NotFound

SEQUENCES_AT_MOST = 50
"""Of one client."""
STEPS_AT_MOST = 20


class SequenceNotFound(NotFound):
    code = "SEQUENCE_NOT_FOUND"
    message = "No such sequence"


class SequenceLocked(Conflict):
    code = "SEQUENCE_LOCKED"
    message = "Steps, start and audience of a sequence are changed while it is a draft"


class SequenceActive(Conflict):
    code = "SEQUENCE_ACTIVE"
    message = "The sequence is active: pause it first"


class SequenceState(Conflict):
    code = "SEQUENCE_STATE"


class TooManySequences(Conflict):
    code = "TOO_MANY_SEQUENCES"
    message = f"A client has at most {SEQUENCES_AT_MOST} sequences: delete one first"


class SequenceStatus(StrEnum):
    """`starting`: its audience, or who is in its list or segment already, is being written down."""

    DRAFT = "draft"
    STARTING = "starting"
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True)
class Step:
    """`wait` is since the step before, or since the beginning."""

    wait: str
    template_id: str
    channel: Channel = Channel.EMAIL
    bot_id: str | None = None


@dataclass(frozen=True)
class Condition:
    """One of them: an event of the log, a list, a segment, or that the lead is `converted`."""

    event: str | None = None
    list: str | None = None
    segment: str | None = None
    converted: bool = False

    @property
    def group(self) -> Audience | None:
        """Who is in its list or segment."""
        if self.list:
            return Audience(list_ids=(self.list,))
        return Audience(segment_ids=(self.segment,)) if self.segment else None


@dataclass(frozen=True)
class Sequence:
    """Without `start_when` its audience begins when it is started; with it whoever meets that from then on, of the
    audience where there is one."""

    id: str
    client_id: str
    org_id: str
    name: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    status: SequenceStatus = SequenceStatus.DRAFT
    audience: Audience = field(default_factory=Audience)
    steps: tuple[Step, ...] = ()
    start_when: Condition | None = None
    stop_when: tuple[Condition, ...] = ()
    sender: From | None = None
    reply_to: str | None = None
    started_at: datetime | None = None
    version: int = 0

    def campaign_id(self, step: int) -> str:
        return f"{self.id}-{step}"

    @property
    def campaign_ids(self) -> tuple[str, ...]:
        """Of its steps, once it was started."""
        return tuple(map(self.campaign_id, range(len(self.steps)))) if self.started_at else ()

    def moved(self, status: SequenceStatus, now: datetime, **more: Any) -> "Sequence":
        return replace(self, status=status, updated_at=now, **more)


class Progress(StrEnum):
    """`before`: was in the list or segment when the sequence started, and does not begin."""

    ACTIVE = "active"
    FINISHED = "finished"
    STOPPED = "stopped"
    BEFORE = "before"


@dataclass(frozen=True)
class Enrolment:
    """One lead in one sequence, once. `step` is the next one, `due` when it comes; `reason` says what stopped it."""

    client_id: str
    sequence_id: str
    lead_id: str
    started_at: datetime
    status: Progress = Progress.ACTIVE
    step: int = 0
    due: datetime | None = None
    reason: str | None = None
    version: int = 0


def enrolment_of(sequence: Sequence, lead_id: str, now: datetime) -> Enrolment:
    due = now + duration(sequence.steps[0].wait)
    return Enrolment(sequence.client_id, sequence.id, lead_id, now, due=due)
