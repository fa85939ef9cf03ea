"""Wire shapes of sequences."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import Field, StrictBool, StringConstraints

from functions.campaigns.fields import Duration, Email, Id
from functions.campaigns.schemas import AnyChannel, AudienceIn, AudienceOut, FromIn, FromOut
from groundswell.audience.model import Audience, Channel
from groundswell.campaigns.model import From
from groundswell.campaigns.sequences.model import (
    STEPS_AT_MOST,
    Condition,
    Enrolment,
    Progress,
    Sequence,
    SequenceStatus,
    Step,
)
from groundswell.http.schema import Changes, In, Line, Out, Time

EventName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SequenceStepIn(In):
    """`wait` is since the step before, or since the beginning. A Telegram step says the template's text."""

    wait: Duration = "0m"
    template_id: Id
    channel: AnyChannel = Channel.EMAIL
    bot_id: Id | None = None


class SequenceStart(In):
    """One of them: a lead's person did this event, or the lead came to this list or segment."""

    event: EventName | None = None
    list: Id | None = None
    segment: Id | None = None


class SequenceStop(SequenceStart):
    """One of them, or that the lead is `converted`. Asked before each step."""

    converted: StrictBool = False


class SequenceChanges(Changes):
    """Absent keeps; `null` clears. Steps, start and audience change while it is a draft."""

    required: ClassVar[frozenset[str]] = frozenset({"name"})

    name: Line | None = None
    audience: AudienceIn | None = Field(default=None, description="With `start_when`: who may begin")
    steps: Annotated[tuple[SequenceStepIn, ...], Field(max_length=STEPS_AT_MOST)] | None = None
    start_when: SequenceStart | None = Field(default=None, description="Without it the audience begins at the start")
    stop_when: Annotated[tuple[SequenceStop, ...], Field(max_length=10)] | None = None
    sender: FromIn | None = Field(default=None, alias="from")
    reply_to: Email | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        """What was sent, in the domain's words."""
        built: dict[str, Callable[[Any], Any]] = {
            "sender": lambda sender: From(sender.name, sender.email),
            "audience": lambda audience: Audience(**audience.model_dump()),
            "steps": lambda steps: tuple(Step(**one.model_dump()) for one in steps),
            "start_when": lambda condition: Condition(**condition.model_dump()),
            "stop_when": lambda conditions: tuple(Condition(**one.model_dump()) for one in conditions),
        }
        return {
            name: built[name](value) if value is not None and name in built else value
            for name, value in self.changes().items()
        }


class SequenceIn(SequenceChanges):
    """Only `name` is required; what else a start needs, it says."""

    name: Line


class SequenceStepOut(Out):
    """`campaign_id`: where its deliveries and stats are, once the sequence was started."""

    wait: str
    template_id: str
    channel: Channel
    bot_id: str | None
    campaign_id: str | None = None


class SequenceConditionOut(Out):
    event: str | None
    list: str | None
    segment: str | None
    converted: bool


class SequenceOut(Out):
    id: str
    client_id: str
    name: str
    status: SequenceStatus
    audience: AudienceOut
    steps: list[SequenceStepOut]
    start_when: SequenceConditionOut | None
    stop_when: list[SequenceConditionOut]
    sender: FromOut | None = Field(serialization_alias="from")
    reply_to: str | None
    started_at: Time | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def sequence_out(sequence: Sequence) -> SequenceOut:
    shown = SequenceOut.model_validate(sequence)
    for step, campaign_id in zip(shown.steps, sequence.campaign_ids, strict=False):
        step.campaign_id = campaign_id
    return shown


class EnrolmentOut(Out):
    """`step` is the next one, from 0, and `due` when it comes; `reason` is the rule that stopped it. `before`: was
    there when the sequence started, and does not begin."""

    lead_id: str
    status: Progress
    step: int
    due: Time | None
    reason: str | None
    started_at: Time


def enrolment_out(enrolment: Enrolment) -> EnrolmentOut:
    return EnrolmentOut.model_validate(enrolment)
