"""A campaign: what is said to whom, when and by which rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from groundswell.approval.approvals import Approval
from groundswell.audience.model import Audience, Channel
from groundswell.campaigns.letters import Letter
from groundswell.kernel.errors import Conflict, Invalid, NotFound

__all__ = ["Audience", "Channel"]
VARIANTS_AT_MOST = 5
_FIRST_ZONE = timedelta(hours=14)
LONGEST_MESSAGE = 4096
"""Characters of a Telegram message."""


class CampaignNotFound(NotFound):
    code = "CAMPAIGN_NOT_FOUND"
    message = "No such campaign"


class CampaignLocked(Conflict):
    code = "CAMPAIGN_LOCKED"
    message = "A campaign is changed while it is a draft or scheduled"


class CampaignActive(Conflict):
    code = "CAMPAIGN_ACTIVE"
    message = "The campaign is under way: cancel it first"


class WrongState(Conflict):
    code = "CAMPAIGN_STATE"


class Incomplete(Invalid):
    """What keeps a campaign from being started."""

    code = "CAMPAIGN_INCOMPLETE"
    message = "The campaign cannot start yet"


class Status(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def editable(self) -> bool:
        return self in (Status.DRAFT, Status.SCHEDULED)

    @property
    def active(self) -> bool:
        return self in (Status.SENDING, Status.PAUSED)

    @property
    def over(self) -> bool:
        return self in (Status.SENT, Status.CANCELLED, Status.FAILED)


class Metric(StrEnum):
    OPENS = "opens"
    CLICKS = "clicks"
    CONVERSIONS = "conversions"


@dataclass(frozen=True)
class From:
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Schedule:
    """`timezone` is an IANA zone, or `recipient`: then `at` is that time of day in each one's own zone."""

    at: datetime
    timezone: str = "UTC"

    @property
    def local(self) -> bool:
        return self.timezone == "recipient"

    @property
    def begins(self) -> datetime:
        """When the first recipients may get it: those in Kiribati, 14 hours ahead of UTC, where it is local."""
        return self.at - _FIRST_ZONE if self.local else self.at


@dataclass(frozen=True)
class QuietHours:
    """From and to are `HH:MM`, over midnight where the second is earlier; `timezone` as in a schedule."""

    start: str
    end: str
    timezone: str = "recipient"


@dataclass(frozen=True)
class FrequencyCap:
    messages: int
    window: str = "7d"


@dataclass(frozen=True)
class Rules:
    """`stale_after`: later than that after its time a scheduled campaign is not sent. Without `utm` its links say
    nothing of where their visitors come from."""

    frequency_cap: FrequencyCap | None = None
    quiet_hours: QuietHours | None = None
    stale_after: str = "1h"
    throttle_per_minute: int | None = None
    utm: bool = True


@dataclass(frozen=True)
class Fallback:
    """What an e-mail campaign says over Telegram to those whom no e-mail reaches."""

    message: str
    bot_id: str | None = None


@dataclass(frozen=True)
class Variant:
    name: str
    weight: int = 1
    subject: str | None = None


@dataclass(frozen=True)
class Experiment:
    """So many percent get the variants; after `wait` the best one by the metric goes to the others."""

    sample_percent: int
    metric: Metric = Metric.OPENS
    wait: str = "4h"


@dataclass(frozen=True)
class Campaign:
    """`letters` of its own are kept beside it: the default's name is empty, a variant's is the variant's.

    `run` counts how often it was set to work (started, or failed ones retried): `job_id` names the last. `revision`
    counts what it said, `revised_by` wrote the newest, and `template_version` is the template that this one was
    approved with, where somebody has to.
    """

    id: str
    client_id: str
    org_id: str
    name: str
    channel: Channel
    created_by: str
    created_at: datetime
    updated_at: datetime
    status: Status = Status.DRAFT
    subject: str | None = None
    sender: From | None = None
    reply_to: str | None = None
    template_id: str | None = None
    message: str | None = None
    bot_id: str | None = None
    fallback: Fallback | None = None
    audience: Audience = field(default_factory=Audience)
    schedule: Schedule | None = None
    rules: Rules = field(default_factory=Rules)
    variants: tuple[Variant, ...] = ()
    ab: Experiment | None = None
    winner: str | None = None
    job_id: str | None = None
    run: int = 0
    queued: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    failure: str | None = None
    sender_id: str | None = None
    sequence_id: str | None = None
    approval: Approval | None = None
    revision: int = 1
    revised_by: str | None = None
    template_version: int | None = None
    version: int = 0

    @property
    def authors(self) -> tuple[str, str]:
        """Who does not decide on it."""
        return self.created_by, self.revised_by or self.created_by

    def need_editable(self) -> None:
        """Raises CampaignLocked."""
        if not self.status.editable:
            raise CampaignLocked(f"The campaign is {self.status}: it is changed while it is a draft or scheduled")

    def moved(self, status: Status, now: datetime, **more: Any) -> "Campaign":
        return replace(self, status=status, updated_at=now, **more)


@dataclass(frozen=True)
class Bodies:
    """What a campaign says where it has no template: by variant; the default one's name is empty."""

    letters: Mapping[str, Letter] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """Which campaigns. An empty field is any."""

    channels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    text: str | None = None


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta:
    """`15m`, `6h`, `1d`. Raises ValueError."""
    if len(text) < 2 or text[-1] not in _UNITS or not text[:-1].isdecimal() or len(text) > 6:
        raise ValueError("a duration such as 15m, 6h or 1d")
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
