"""Which purchases follow from which message: the last one whose link a person followed, within a week. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from groundswell.campaigns.ledger import Batch, Delivery

WINDOW_DAYS = 7
_WINDOW = WINDOW_DAYS * 86_400_000


@dataclass(frozen=True)
class Seen:
    """An event at `ts` (ms). `persons`: by what its person is known. With `delivery_id` they came by that message;
    with `amount` it brought that in, or took it back."""

    ts: int
    persons: frozenset[str]
    delivery_id: str | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass
class Credit:
    """What one delivery brought in. `at` (ms): its first purchase."""

    at: int
    sums: dict[str, Decimal] = field(default_factory=dict)


def credited(seen: Iterable[Seen]) -> Mapping[str, Credit]:
    """By delivery. `seen` is in the order of time; a purchase before the click is none of ours."""
    came: dict[str, Seen] = {}
    delivery_credits: dict[str, Credit] = {}
    for event in seen:
        if event.delivery_id:
            came |= dict.fromkeys(event.persons, event)
        elif event.amount is not None:
            last = max((came[one] for one in event.persons if one in came), key=lambda one: one.ts, default=None)
            if last is not None and last.delivery_id and event.ts - last.ts <= _WINDOW:
                _take(delivery_credits, last.delivery_id, event, event.amount)
    return delivery_credits


def _take(delivery_credits: dict[str, Credit], delivery_id: str, purchase: Seen, amount: Decimal) -> None:
    """Money that comes back lowers what came in before, and converts nobody."""
    if delivery_id not in delivery_credits and amount < 0:
        return
    sums = delivery_credits.setdefault(delivery_id, Credit(purchase.ts)).sums
    sums[purchase.currency] = sums.get(purchase.currency, Decimal(0)) + amount


def converted(batch: Batch, delivery_credits: Mapping[str, Credit]) -> Batch:
    """The records with what they brought in: the same however often it is worked out."""

    def credit(place: int, one: Delivery) -> Delivery:
        brought = delivery_credits.get(batch.delivery_id(place))
        return one.bringing({name: str(amount) for name, amount in brought.sums.items()}) if brought else one

    return batch.with_each(credit)
