"""What became of campaigns: totals, and the deliveries one by one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from groundswell.campaigns.content import Content
from groundswell.campaigns.ledger import Batch, Delivery, DeliveryNotFound, State, Totals, place_of
from groundswell.campaigns.model import Campaign, Wanted
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import CountedPage, Page, Position

_READ = 25
"""Batches in one read."""
_READS_AT_MOST = 8
_CAMPAIGNS = 20
_SERIES_READ, _SERIES_AT_MOST = 500, 10
FEEDBACK = (
    "bounced_hard",
    "bounced_soft",
    "complained",
    "unsubscribed",
    "opened",
    "opened_machine",
    "clicked",
    "clicked_machine",
    "converted",
)


@dataclass(frozen=True)
class Record:
    """One delivery with its id."""

    id: str
    campaign_id: str
    variant: str | None
    delivery: Delivery


@dataclass(frozen=True)
class Selected:
    """Which deliveries. None is any; times are [from, to) of the last change."""

    states: tuple[State, ...] = ()
    lead_id: str | None = None
    to: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, one: Delivery) -> bool:
        return (
            (not self.states or one.state in self.states)
            and self.lead_id in (None, one.lead_id)
            and self.to in (None, one.to)
            and self._in_time(one.at)
        )

    def _in_time(self, at: datetime | None) -> bool:
        if self.since is None and self.until is None:
            return True
        return at is not None and (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Stats:
    """`rate` is recipients a minute since it began; `remaining_seconds` how long the rest takes at that."""

    campaign: Campaign
    totals: Totals
    links: Sequence[tuple[str, int]]
    as_of: datetime
    rate: float | None = None
    remaining_seconds: int | None = None


@dataclass(frozen=True)
class Point:
    """Recipients by state, `opened` and `clicked`, from that time on."""

    at: datetime
    counts: Counter[str]


class TooManyRecipients(Invalid):
    code = "TOO_MANY_RECIPIENTS"
    message = "The campaign has too many recipients to be shown by time: ask the event log, by `campaign_id`"


class Ledger(Protocol):
    def page(self, client_id: str, campaign_id: str, after: int, limit: int) -> Sequence[Batch]: ...

    def find(self, client_id: str, campaign_id: str, number: int) -> Batch | None: ...

    def totals(self, client_id: str, campaign_id: str) -> Totals: ...


class Campaigns(Protocol):
    def find(self, client_id: str, campaign_id: str) -> Campaign | None: ...

    def page(self, client_id: str, wanted: Wanted, limit: int, position: Position | None) -> CountedPage[Campaign]: ...

    def content(self, client_id: str, campaign_id: str) -> Content: ...


class Reporter:
    def __init__(self, ledger: Ledger, campaigns: Campaigns, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._campaigns = campaigns
        self._now = now

    def stats(self, campaign: Campaign) -> Stats:
        totals = self._ledger.totals(campaign.client_id, campaign.id)
        clicked = any("/link." in name for name in totals.counts)
        urls = self._campaigns.content(campaign.client_id, campaign.id).links() if clicked else ()
        links = [(url, totals.of(f"link.{number}")) for number, url in enumerate(urls)]
        now = self._now()
        rate = _rate(campaign, totals, now)
        waiting = totals.of(State.PENDING) + totals.of(State.CLAIMED)
        remaining = round(waiting / rate * 60) if rate else None
        return Stats(campaign, totals, links, now, rate, remaining)

    def series(self, campaign: Campaign, interval: str) -> list[Point]:
        """By hour or day, oldest first; nothing where nothing happened. Raises TooManyRecipients."""
        points: dict[datetime, Counter[str]] = {}
        after = -1
        for _ in range(_SERIES_AT_MOST):
            batches = self._ledger.page(campaign.client_id, campaign.id, after, _SERIES_READ)
            for one in (one for batch in batches for one in batch.deliveries):
                for name, at in _moments(one):
                    points.setdefault(_beginning(at, interval), Counter())[name] += 1
            if len(batches) < _SERIES_READ:
                return [Point(at, points[at]) for at in sorted(points)]
            after = batches[-1].number
        raise TooManyRecipients

    def deliveries(self, campaign: Campaign, wanted: Selected, limit: int, position: Position | None) -> Page[Record]:
        """In the order in which they were written down. A page is short where few are wanted, with a next."""
        after, skip = (int(position["number"]), int(position["place"])) if position else (-1, 0)
        records: list[Record] = []
        for _ in range(_READS_AT_MOST):
            batches = self._ledger.page(campaign.client_id, campaign.id, after, _READ)
            for batch in batches:
                for place, one in enumerate(batch.deliveries):
                    if place < skip or not wanted.takes(one):
                        continue
                    if len(records) == limit:
                        return Page(tuple(records), {"number": batch.number - 1, "place": place})
                    records.append(_record(campaign, batch, place))
                skip = 0
                after = batch.number
            if len(batches) < _READ:
                return Page(tuple(records))
        return Page(tuple(records), {"number": after, "place": 0})

    def log(self, client_id: str, wanted: Selected, limit: int, position: Position | None) -> Page[Record]:
        """Of all campaigns, the newest first."""
        inner: Position | None = None
        last = str(position["campaign"]) if position else None
        if position and "number" in position:
            inner = {name: position[name] for name in ("number", "place")}
        campaign = self._next(client_id, last, again=inner is not None)
        if campaign is None:
            return Page(())
        page = self.deliveries(campaign, wanted, limit, inner)
        following: Position | None = {"campaign": campaign.id, **(page.next or {})}
        if page.next is None and self._next(client_id, campaign.id, again=False) is None:
            following = None
        return Page(page.items, following)

    def _next(self, client_id: str, last: str | None, *, again: bool) -> Campaign | None:
        """The newest campaign, the one behind `last`, or that one again."""
        if last and again:
            return self._campaigns.find(client_id, last)
        begun = self._campaigns.find(client_id, last) if last else None
        position: Position | None = {"key": f"{_time(begun)}#{begun.id}"} if begun else None
        while True:
            page = self._campaigns.page(client_id, Wanted(), _CAMPAIGNS, position).page
            started = next((campaign for campaign in page.items if campaign.run), None)
            if started or page.next is None:
                return started
            position = page.next

    def delivery(self, campaign: Campaign, delivery_id: str) -> Record:
        """Raises DeliveryNotFound."""
        campaign_id, number, place = place_of(delivery_id)
        batch = self._ledger.find(campaign.client_id, campaign.id, number) if campaign_id == campaign.id else None
        if batch is None or place >= len(batch.deliveries):
            raise DeliveryNotFound
        return _record(campaign, batch, place)


def _moments(one: Delivery) -> Iterator[tuple[str, datetime]]:
    if one.at:
        yield one.state.value, one.at
    if one.opened_at:
        yield "opened", one.opened_at
    if one.people_clicks:
        yield "clicked", min(click.at for click in one.people_clicks)


def _beginning(at: datetime, interval: str) -> datetime:
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour if interval == "hour" else hour.replace(hour=0)


def _record(campaign: Campaign, batch: Batch, place: int) -> Record:
    one = batch.deliveries[place]
    known = 0 <= one.variant < len(campaign.variants)
    name = campaign.variants[one.variant].name if known else None
    return Record(batch.delivery_id(place), campaign.id, name, one)


def _rate(campaign: Campaign, totals: Totals, now: datetime) -> float | None:
    if campaign.started_at is None:
        return None
    done = totals.recipients - totals.of(State.PENDING) - totals.of(State.CLAIMED)
    minutes = ((campaign.finished_at or now) - campaign.started_at).total_seconds() / 60
    return round(done / minutes, 2) if minutes > 0 and done else None


def _time(campaign: Campaign) -> str:
    return rfc3339(campaign.created_at)
