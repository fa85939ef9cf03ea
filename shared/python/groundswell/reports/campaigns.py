"""Figures of campaigns: what became of those that started in the range."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from groundswell.analytics.questions.calendar import Buckets
from groundswell.campaigns.ledger import LEFT, State, Totals
from groundswell.campaigns.model import Campaign, Wanted
from groundswell.kernel.clock import millis
from groundswell.kernel.page import CountedPage, Position
from groundswell.reports.catalogue import Origin
from groundswell.reports.model import Answer, Group, Late, Question, Value

CAMPAIGNS_AT_MOST = 1000
_PAGE = 100
_TOTALS = {
    "messages_delivered": "delivered",
    "messages_opened": "opened",
    "messages_clicked": "clicked",
    "messages_converted": "converted",
    "unsubscribes": "unsubscribed",
    "complaints": "complained",
}
_RATIOS = {"open_rate": "messages_opened", "click_rate": "messages_clicked"}
_PRECISE = Decimal("0.000001")


class Campaigns(Protocol):
    def page(self, client_id: str, wanted: Wanted, limit: int, position: Position | None) -> CountedPage[Campaign]: ...


class Ledger(Protocol):
    def totals(self, client_id: str, campaign_id: str) -> Totals: ...


@dataclass(frozen=True)
class Started:
    """A campaign, and when it was set to work."""

    campaign: Campaign
    at: int
    totals: Totals


class CampaignSource:
    dimensions = frozenset({"platform", "campaign_id", "campaign"})
    """`platform` is the channel. By what only ads have, campaigns are not broken down."""

    def __init__(self, campaigns: Campaigns, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._campaigns = campaigns
        self._ledger = ledger
        self._now = now

    def knows(self, dimension: str) -> bool:
        return dimension in self.dimensions or dimension in {"account_id", "currency"}

    def read(self, client_id: str, question: Question) -> Answer:
        """A Query for each campaign that started in the range."""
        names = question.wanted(Origin.CAMPAIGNS)
        campaigns = list(self._started(client_id, question))
        late = (Late("campaigns", "too_many_campaigns"),) if len(campaigns) > CAMPAIGNS_AT_MOST else ()
        counted = [
            Started(campaign, at, self._ledger.totals(client_id, campaign.id))
            for campaign, at in campaigns[:CAMPAIGNS_AT_MOST]
            if _passes(campaign, question)
        ]
        buckets = Buckets(question.calendar.starts(question.window))
        by_start: dict[int, list[Started]] = {start: [] for start in buckets.starts}
        for one in counted:
            by_start[buckets.of(one.at)].append(one)
        return Answer(
            _figures(names, counted),
            {start: _figures(names, group) for start, group in by_start.items()},
            tuple(_groups(names, counted, question.dimensions)),
            millis(self._now()),
            late,
        )

    def _started(self, client_id: str, question: Question) -> Iterator[tuple[Campaign, int]]:
        """Those of the range, and one more than are counted where they are too many."""
        position: Position | None = None
        left = CAMPAIGNS_AT_MOST + 1
        while left > 0:
            page = self._campaigns.page(client_id, Wanted(), _PAGE, position).page
            for campaign in page.items:
                at = millis(campaign.started_at) if campaign.started_at else None
                if at is not None and question.window.start <= at < question.window.end:
                    left -= 1
                    yield campaign, at
            position = page.next
            if position is None:
                return


def _passes(campaign: Campaign, question: Question) -> bool:
    return all(_value(campaign, name) in values for name, values in question.filters.items())


def _value(campaign: Campaign, dimension: str) -> str | None:
    return {"platform": campaign.channel.value, "campaign_id": campaign.id, "campaign": campaign.name}.get(dimension)


def _groups(names: Iterable[str], counted: Sequence[Started], dimensions: tuple[str, ...]) -> Iterator[Group]:
    if not dimensions or not CampaignSource.dimensions.issuperset(dimensions):
        return
    groups: dict[tuple[str | None, ...], list[Started]] = {}
    for one in counted:
        groups.setdefault(tuple(_value(one.campaign, name) for name in dimensions), []).append(one)
    for key, members in sorted(groups.items(), key=lambda group: -_sent(group[1])):
        yield Group(dict(zip(dimensions, key, strict=True)), _figures(names, members))


def _figures(names: Iterable[str], counted: Sequence[Started]) -> dict[str, Value]:
    return {name: _figure(name, counted) for name in names}


def _figure(name: str, counted: Sequence[Started]) -> Value:
    if name == "messages_sent":
        return _sent(counted)
    if name == "messages_bounced":
        return sum(one.totals.of(State.BOUNCED) for one in counted)
    if name in _TOTALS:
        return sum(one.totals.of(_TOTALS[name]) for one in counted)
    sent = _sent(counted)
    of = sum(one.totals.of(_TOTALS[_RATIOS[name]]) for one in counted)
    return (Decimal(of) / sent).quantize(_PRECISE) if sent else None


def _sent(counted: Sequence[Started]) -> int:
    return sum(one.totals.of(state) for one in counted for state in LEFT)
