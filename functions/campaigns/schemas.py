"""Wire shapes of campaigns."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StringConstraints

from functions.campaigns.fields import BodyIn, BodyOut, Duration, Email, Id, Ids, Subject, Zone
from groundswell.campaigns.model import (
    LONGEST_MESSAGE,
    VARIANTS_AT_MOST,
    Audience,
    Bodies,
    Campaign,
    Channel,
    Experiment,
    Fallback,
    FrequencyCap,
    From,
    Metric,
    QuietHours,
    Rules,
    Schedule,
    Status,
)
from groundswell.campaigns.placeholders import parse
from groundswell.http.approvals import ApprovalIn, DecisionOut, ReviewOut, decisions_out, review_out
from groundswell.http.schema import Changes, In, Line, Out, Time, any_case
from groundswell.http.timestamps import Timestamp

_DEFAULT = Rules()


def _parsed(text: str) -> str:
    parse(text)
    return text


Templated = Annotated[Subject, AfterValidator(_parsed)]
Message = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MESSAGE), AfterValidator(_parsed)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
VariantName = Annotated[Line, StringConstraints(max_length=50, pattern=r"^[^/#]+$")]
AnyChannel = Annotated[Channel, any_case(Channel)]


class FromIn(In):
    name: Annotated[Subject, StringConstraints(max_length=100)] = ""
    email: Email


class AudienceIn(In):
    """Everybody who is in any of them, each once."""

    list_ids: Ids = ()
    segment_ids: Ids = ()
    cohort_ids: Ids = ()
    lead_ids: Annotated[tuple[Id, ...], Field(max_length=5000)] = ()
    all: StrictBool = False


class ScheduleIn(In):
    at: Timestamp
    timezone: Zone = Field(default="UTC", description="`recipient`: at that time of day in each one's own zone")


class QuietHoursIn(In):
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    timezone: Zone = "recipient"


class FrequencyCapIn(In):
    messages: Annotated[int, Field(ge=1, le=100)]
    window: Duration = "7d"


class RulesIn(In):
    """`stale_after`: a scheduled campaign that comes later than that after its time is not sent. `utm`: links get UTM
    parameters, and `gs_id`, by which visits are joined with their delivery."""

    frequency_cap: FrequencyCapIn | None = None
    quiet_hours: QuietHoursIn | None = None
    stale_after: Duration = _DEFAULT.stale_after
    throttle_per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    utm: StrictBool = True


class FallbackIn(In):
    """Over Telegram, to those who have no e-mail address, or one that nothing reaches, and did not say no."""

    message: Message
    bot_id: Id | None = None


class VariantIn(In):
    """`subject` and `body` in place of the campaign's."""

    name: VariantName
    weight: Annotated[int, Field(ge=1, le=1000)] = 1
    subject: Templated | None = None
    body: BodyIn | None = None


class ExperimentIn(In):
    sample_percent: Annotated[int, Field(ge=1, le=100)]
    metric: Annotated[Metric, any_case(Metric)] = Metric.OPENS
    wait: Duration = "4h"


class CampaignChanges(Changes):
    """Absent keeps; `null` clears."""

    required: ClassVar[frozenset[str]] = frozenset({"name"})

    name: Line | None = None
    subject: Templated | None = Field(default=None, description="Else the template's")
    sender: FromIn | None = Field(default=None, alias="from")
    reply_to: Email | None = None
    template_id: Id | None = None
    body: BodyIn | None = None
    message: Message | None = Field(default=None, description="What a Telegram campaign says")
    bot_id: Id | None = None
    fallback: FallbackIn | None = Field(default=None, description="Of an e-mail campaign, over Telegram")
    audience: AudienceIn | None = None
    schedule: ScheduleIn | None = None
    rules: RulesIn | None = None
    variants: Annotated[tuple[VariantIn, ...], Field(max_length=VARIANTS_AT_MOST)] | None = None
    ab: ExperimentIn | None = None
    approval: ApprovalIn | None = Field(
        default=None, description="Who has to approve it before it can start; null: nobody. A change asks again"
    )
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        """What was sent, in the domain's words."""
        sent = {name: value for name, value in self.changes().items() if name != "channel"}
        built: dict[str, Callable[[Any], Any]] = {
            "sender": lambda sender: From(sender.name, sender.email),
            "audience": lambda audience: Audience(**audience.model_dump()),
            "schedule": lambda schedule: Schedule(schedule.at, schedule.timezone),
            "rules": _rules,
            "fallback": lambda fallback: Fallback(fallback.message, fallback.bot_id),
            "ab": lambda experiment: Experiment(experiment.sample_percent, experiment.metric, experiment.wait),
            "approval": lambda approval: approval.policy(),
            "body": lambda body: body.model_dump(exclude_unset=True),
            "variants": lambda variants: [one.model_dump() for one in variants],
        }
        return {
            name: built[name](value) if value is not None and name in built else value for name, value in sent.items()
        }


class CampaignIn(CampaignChanges):
    """Only `name` is required; what else a start needs, it says. The channel is the path's, or `email`."""

    name: Line
    channel: AnyChannel | None = None


def _rules(rules: RulesIn) -> Rules:
    cap, quiet = rules.frequency_cap, rules.quiet_hours
    return Rules(
        FrequencyCap(cap.messages, cap.window) if cap else None,
        QuietHours(quiet.start, quiet.end, quiet.timezone) if quiet else None,
        rules.stale_after,
        rules.throttle_per_minute,
        rules.utm,
    )


class FromOut(Out):
    name: str
    email: str


class AudienceOut(Out):
    list_ids: list[str]
    segment_ids: list[str]
    cohort_ids: list[str]
    lead_ids: list[str]
    all: bool


class ScheduleOut(Out):
    at: Time
    timezone: str


class QuietHoursOut(Out):
    model_config = ConfigDict(from_attributes=True, defer_build=True)

    start: str = Field(serialization_alias="from")
    end: str = Field(serialization_alias="to")
    timezone: str


class FrequencyCapOut(Out):
    messages: int
    window: str


class RulesOut(Out):
    frequency_cap: FrequencyCapOut | None
    quiet_hours: QuietHoursOut | None
    stale_after: str
    throttle_per_minute: int | None
    utm: bool


class FallbackOut(Out):
    message: str
    bot_id: str | None


class VariantOut(Out):
    name: str
    weight: int
    subject: str | None
    body: BodyOut | None = None


class ExperimentOut(Out):
    sample_percent: int
    metric: Metric
    wait: str


class CampaignHead(Out):
    """As lists show it: without its bodies."""

    id: str
    client_id: str
    name: str
    channel: Channel
    status: Status
    subject: str | None
    sender: FromOut | None = Field(serialization_alias="from")
    reply_to: str | None
    template_id: str | None
    message: str | None
    bot_id: str | None
    fallback: FallbackOut | None
    audience: AudienceOut
    schedule: ScheduleOut | None
    rules: RulesOut
    variants: list[VariantOut]
    ab: ExperimentOut | None
    winner: str | None
    sequence_id: str | None = None
    revision: int = 1
    approval: ReviewOut | None = None
    job_id: str | None
    queued: int
    started_at: Time | None
    finished_at: Time | None
    failure: str | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class CampaignOut(CampaignHead):
    """`decisions` are on any revision, oldest first."""

    body: BodyOut | None
    decisions: list[DecisionOut] = Field(default_factory=list)


def campaign_head(campaign: Campaign) -> CampaignHead:
    plain = {name: getattr(campaign, name) for name in CampaignHead.model_fields}
    review = review_out(campaign.approval, campaign.revision, campaign.authors)
    return CampaignHead.model_validate({**plain, "approval": review}, from_attributes=True)


def campaign_out(campaign: Campaign, bodies: Bodies) -> CampaignOut:
    own = bodies.letters.get("")
    head = campaign_head(campaign).model_dump()
    head["variants"] = [
        VariantOut(name=variant.name, weight=variant.weight, subject=variant.subject, body=_body(bodies, variant.name))
        for variant in campaign.variants
    ]
    body = BodyOut.model_validate(own) if own else None
    return CampaignOut(**head, body=body, decisions=decisions_out(campaign.approval))


def _body(bodies: Bodies, variant: str) -> BodyOut | None:
    letter = bodies.letters.get(variant)
    return BodyOut.model_validate(letter) if letter else None
