"""Wire shapes of what becomes of campaigns."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, StrictBool, StringConstraints

from functions.campaigns.fields import Email, Id, PreviewIn
from groundswell.campaigns.ledger import State
from groundswell.campaigns.model import Campaign, Status
from groundswell.campaigns.reporting import FEEDBACK, Point, Record, Stats
from groundswell.http.schema import In, Out, Time

VariantNamed = Annotated[str, StringConstraints(max_length=50)]


class JobOut(Out):
    """`queued` is how many recipients it is for. `warnings` are what a production would not let start."""

    id: str
    status: Status
    job_id: str | None
    queued: int
    failure: str | None
    warnings: list[str] = Field(default_factory=list)


def job_out(campaign: Campaign, warnings: Sequence[str] = ()) -> JobOut:
    return JobOut.model_validate(campaign).model_copy(update={"warnings": list(warnings)})


class TestIn(In):
    """To whom: not more than ten addresses, whether or not they are leads'."""

    __test__ = False

    to: Annotated[tuple[Email, ...], Field(min_length=1, max_length=10)]
    lead_id: Id | None = Field(default=None, description="Whose values are filled in")
    variant: VariantNamed | None = None
    client_id: str | None = None


class TestOut(Out):
    __test__ = False

    to: list[str]


class CampaignPreviewIn(PreviewIn):
    variant: VariantNamed | None = None


class RetryIn(In):
    """`include_unknown`: those in doubt, too. They may get it twice."""

    include_unknown: StrictBool = False
    client_id: str | None = None


class DeliveryOut(Out):
    """`state` says where it stands; `reason` why, where it is not what was wanted."""

    id: str
    campaign_id: str
    lead_id: str
    to: str | None
    channel: str | None = Field(default=None, description="The fallback's, where it goes by that")
    variant: str | None
    state: State
    attempts: int
    reason: str | None
    provider_id: str | None
    opened_at: Time | None
    clicked: bool
    converted: bool
    revenues: dict[str, str] = Field(description="What followed from it, by currency")
    at: Time | None


def delivery_out(record: Record) -> DeliveryOut:
    one = record.delivery
    plain = {
        name: getattr(one, name)
        for name in (
            "lead_id",
            "to",
            "channel",
            "state",
            "attempts",
            "reason",
            "provider_id",
            "opened_at",
            "converted",
            "at",
        )
    }
    return DeliveryOut(
        id=record.id,
        campaign_id=record.campaign_id,
        variant=record.variant,
        clicked=bool(one.people_clicks),
        revenues=dict(one.revenues),
        **plain,
    )


class StatesOut(Out):
    """Each recipient is in one."""

    pending: int
    claimed: int
    sent: int
    delivered: int
    failed: int
    unknown: int
    suppressed: int
    bounced: int


class FeedbackOut(Out):
    """Recipients, each once, whatever became of them afterwards. `converted`: they bought something within a week of
    their last click; `revenue` is what that was in the first of its currencies, `revenues` by each."""

    bounced_hard: int
    bounced_soft: int
    complained: int
    unsubscribed: int
    opened: int
    opened_machine: int
    clicked: int
    clicked_machine: int
    converted: int
    revenue: str | None
    currency: str | None
    revenues: dict[str, str]


class VariantStats(FeedbackOut):
    name: str
    recipients: int
    states: StatesOut


class LinkOut(Out):
    url: str
    clicks: int


class PointOut(StatesOut):
    """Recipients who came into their state in the hour or day from `at` on, and who opened and clicked first then."""

    at: Time
    opened: int
    clicked: int


class StatsOut(FeedbackOut):
    """`recipients` is the sum of `states` at every moment. `clicks` of a link are recipients."""

    campaign_id: str
    status: Status
    recipients: int
    states: StatesOut
    variants: list[VariantStats]
    links: list[LinkOut]
    points: list[PointOut] | None
    rate_per_minute: float | None
    remaining_seconds: int | None
    as_of: Time


def stats_out(stats: Stats, points: Sequence[Point] | None = None) -> StatsOut:
    campaign, totals = stats.campaign, stats.totals
    return StatsOut(
        campaign_id=campaign.id,
        status=campaign.status,
        recipients=totals.recipients,
        states=_states(stats),
        **_feedback(stats),
        variants=[_variant(stats, number, variant.name) for number, variant in enumerate(campaign.variants)],
        links=[LinkOut(url=url, clicks=clicks) for url, clicks in stats.links],
        points=None if points is None else [_point(point) for point in points],
        rate_per_minute=stats.rate,
        remaining_seconds=stats.remaining_seconds,
        as_of=stats.as_of,
    )


def _point(point: Point) -> PointOut:
    names = (*(state.value for state in State), "opened", "clicked")
    return PointOut(at=point.at, **{name: point.counts[name] for name in names})


def _states(stats: Stats, variant: int | None = None) -> StatesOut:
    return StatesOut(**{state.value: stats.totals.of(state, variant) for state in State})


def _variant(stats: Stats, number: int, name: str) -> VariantStats:
    states = _states(stats, number)
    return VariantStats(
        name=name, recipients=sum(states.model_dump().values()), states=states, **_feedback(stats, number)
    )


def _feedback(stats: Stats, variant: int | None = None) -> dict[str, Any]:
    revenues = stats.totals.revenues(variant)
    first = next(iter(revenues), None)
    money = {"revenue": revenues[first] if first else None, "currency": first, "revenues": revenues}
    return {name: stats.totals.of(name, variant) for name in FEEDBACK} | money
