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
    found: dict[str, Credit] = {}
    for each in seen:
        if each.delivery_id:
            came |= dict.fromkeys(each.persons, each)
        elif each.amount is not None:
            last = max((came[one] for one in each.persons if one in came), key=lambda one: one.ts, default=None)
            if last is not None and last.delivery_id and each.ts - last.ts <= _WINDOW:
                _take(found, last.delivery_id, each, each.amount)
    return found


def _take(found: dict[str, Credit], delivery_id: str, purchase: Seen, amount: Decimal) -> None:
    """Money that comes back lowers what came in before, and converts nobody."""
    if delivery_id not in found and amount < 0:
        return
    sums = found.setdefault(delivery_id, Credit(purchase.ts)).sums
    sums[purchase.currency] = sums.get(purchase.currency, Decimal(0)) + amount


def converted(batch: Batch, found: Mapping[str, Credit]) -> Batch:
    """The records with what they brought in: the same however often it is worked out."""

    def credit(place: int, one: Delivery) -> Delivery:
        brought = found.get(batch.delivery_id(place))
        return one.bringing({name: str(amount) for name, amount in brought.sums.items()}) if brought else one

    return batch.each(credit)
