"""The ledger: one record for each recipient, ten in a batch that one sender works on.

A batch is claimed before anything leaves and marked afterwards. All there is to count is counted from the records:
whoever writes a batch adds the difference to the campaign's totals in the same transaction (`counts`), so they are
equal at every moment.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from groundswell.kernel.errors import NotFound

BATCH = 10
"""Recipients."""


class DeliveryNotFound(NotFound):
    code = "DELIVERY_NOT_FOUND"
    message = "No such delivery"


class State(StrEnum):
    """`unknown`: its sender died, or lost the provider's answer, when it may have left. Nobody repeats it unasked."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    BOUNCED = "bounced"


OPEN = frozenset({State.PENDING, State.CLAIMED})
LEFT = frozenset({State.SENT, State.DELIVERED, State.UNKNOWN, State.BOUNCED})
"""It may have arrived."""


WAY_OUT, WISHES = -1, -2
"""Of links that every message has: unsubscribe, preferences. Machines follow them too."""


@dataclass(frozen=True)
class Click:
    """`link` is its number in the content; below zero it is one that every message has."""

    link: int
    at: datetime
    machine: bool = False


@dataclass(frozen=True)
class Delivery:
    """`variant` is the number of the campaign's variant, -1 while an experiment decides; `channel` is its fallback's,
    where it goes by that."""

    lead_id: str
    to: str | None = None
    variant: int = 0
    state: State = State.PENDING
    attempts: int = 0
    reason: str | None = None
    provider_id: str | None = None
    at: datetime | None = None
    opened_at: datetime | None = None
    opened_by_machine: bool = False
    clicks: tuple[Click, ...] = ()
    bounce: str | None = None
    complained: bool = False
    unsubscribed: bool = False
    converted: bool = False
    channel: str | None = None
    revenues: tuple[tuple[str, str], ...] = ()
    """Amounts by currency."""

    @property
    def people_clicks(self) -> "tuple[Click, ...]":
        """Those on links of the message that no machine made."""
        return tuple(click for click in self.clicks if not click.machine and click.link >= 0)

    def bringing(self, sums: Mapping[str, str]) -> "Delivery":
        return replace(self, converted=True, revenues=tuple(sorted(sums.items())))

    @property
    def silent(self) -> bool:
        """Nothing came back yet: of most, most of the time."""
        heard = self.opened_at or self.opened_by_machine or self.clicks or self.bounce
        return not (heard or self.complained or self.unsubscribed or self.converted)

    def moved(self, state: State, now: datetime, reason: str | None = None) -> "Delivery":
        return replace(self, state=state, at=now, reason=reason)


@dataclass(frozen=True)
class Batch:
    """`token` and `leased_until` are those of the last claim. `run` is the campaign's when it was written down."""

    client_id: str
    campaign_id: str
    number: int
    run: int
    deliveries: tuple[Delivery, ...]
    token: str | None = None
    leased_until: datetime | None = None
    version: int = 0

    @property
    def counts(self) -> Counter[str]:
        """`<variant>/<what>`: each state, and what came back; revenue in steps of a thousandth, by currency."""
        counted: Counter[str] = Counter()
        for delivery in self.deliveries:
            for what in _counted(delivery):
                counted[f"{delivery.variant}/{what}"] += 1
            for currency, amount in delivery.revenues:
                counted[f"{delivery.variant}/revenue.{currency}"] += int(Decimal(amount) * 1000)
        return counted

    @property
    def waiting(self) -> list[str]:
        return [delivery.lead_id for delivery in self.deliveries if delivery.state is State.PENDING]

    def has(self, *states: State) -> bool:
        return any(delivery.state in states for delivery in self.deliveries)

    def delivery_id(self, place: int) -> str:
        return f"{self.campaign_id}-{self.number}-{place}"

    def leased(self, now: datetime) -> bool:
        """Somebody is at it."""
        return self.has(State.CLAIMED) and self.leased_until is not None and now < self.leased_until

    def left_behind(self, now: datetime) -> bool:
        """Somebody was at it, and died."""
        return self.has(State.CLAIMED) and not self.leased(now)

    def claimed(self, token: str, now: datetime, until: datetime, places: Collection[int]) -> "Batch":
        """Those at these places that are pending are ours until then."""

        def claim(place: int, one: Delivery) -> Delivery:
            return one.moved(State.CLAIMED, now) if one.state is State.PENDING and place in places else one

        return replace(self.with_each(claim), token=token, leased_until=until)

    def settled(self, token: str, outcomes: Mapping[int, Delivery]) -> "Batch":
        """What became of those that this claim sent; the others wait again. What feedback already moved on stays."""
        if self.token != token:
            return self

        def settle(place: int, one: Delivery) -> Delivery:
            if place not in outcomes:
                return replace(one, state=State.PENDING) if one.state is State.CLAIMED else one
            done = outcomes[place]
            late = one.state is State.UNKNOWN and done.state is not State.PENDING  # our lease ended, our work did not
            if one.state is State.CLAIMED or late:
                return settled(one, done)
            return replace(one, attempts=done.attempts, provider_id=one.provider_id or done.provider_id)

        return self.with_each(settle)

    def with_each(self, change: Callable[[int, Delivery], Delivery]) -> "Batch":
        return replace(self, deliveries=tuple(change(place, one) for place, one in enumerate(self.deliveries)))

    def changed(self, place: int, change: Callable[[Delivery], Delivery]) -> "Batch":
        return self.with_each(lambda at, one: change(one) if at == place else one)


def settled(one: Delivery, done: Delivery) -> Delivery:
    """The record, with what became of it."""
    return replace(
        one,
        state=done.state,
        channel=done.channel,
        attempts=done.attempts,
        reason=done.reason,
        provider_id=done.provider_id,
        at=done.at,
    )


def _counted(one: Delivery) -> list[str]:
    if one.silent:
        return [one.state.value]
    facts = {
        "bounced_hard": one.bounce == "hard",
        "bounced_soft": one.bounce == "soft",
        "complained": one.complained,
        "unsubscribed": one.unsubscribed,
        "opened": one.opened_at is not None or bool(one.people_clicks),
        "opened_machine": one.opened_by_machine,
        "clicked": bool(one.people_clicks),
        "clicked_machine": any(click.machine and click.link >= 0 for click in one.clicks),
        "converted": one.converted,
    }
    links = sorted({click.link for click in one.people_clicks})
    return [one.state.value, *(name for name, true in facts.items() if true), *(f"link.{link}" for link in links)]


@dataclass(frozen=True)
class Plan:
    """How far the audience was written down: `position` is where it goes on, `number` the next batch's."""

    run: int = 0
    position: Mapping[str, str | int] | None = None
    number: int = 0
    done: bool = False
    version: int = 0


@dataclass(frozen=True)
class Totals:
    """As they were at one moment. `planned`: the whole audience is written down."""

    counts: Mapping[str, int]
    planned: bool = False

    def of(self, what: str, variant: int | None = None) -> int:
        return sum(
            number
            for name, number in self.counts.items()
            if name.partition("/")[2] == what and (variant is None or name.startswith(f"{variant}/"))
        )

    def revenues(self, variant: int | None = None) -> dict[str, str]:
        """Amounts by currency, with two decimals, or three where there are so many."""
        names = sorted({name.partition("/revenue.")[2] for name in self.counts if "/revenue." in name})
        sums = {name: self.of(f"revenue.{name}", variant) for name in names}
        return {
            name: f"{Decimal(amount) / 1000:.{3 if amount % 10 else 2}f}" for name, amount in sums.items() if amount
        }

    @property
    def over(self) -> bool:
        return self.planned and not any(self.of(state) for state in OPEN)

    @property
    def recipients(self) -> int:
        return sum(self.of(state) for state in State)


def is_of_test(delivery_id: str) -> bool:
    """Of a message that somebody sent to themselves, filled in with the values of a lead who knows nothing of it."""
    try:
        place_of(delivery_id)
    except DeliveryNotFound:
        return True
    return False


def place_of(delivery_id: str) -> tuple[str, int, int]:
    """(campaign, batch, place in it). Raises DeliveryNotFound for what is none."""
    campaign_id, _, rest = delivery_id.rpartition("-")
    campaign_id, _, number = campaign_id.rpartition("-")
    if not (campaign_id and number.isdecimal() and rest.isdecimal()) or len(number) > 9 or len(rest) > 3:
        raise DeliveryNotFound
    return campaign_id, int(number), int(rest)
