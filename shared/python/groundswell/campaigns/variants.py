"""Who gets which variant: by chance that is always the same for a campaign and a lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from groundswell.campaigns.ledger import Totals
from groundswell.campaigns.model import Campaign, Experiment, Metric, Variant

WAITS = -1
"""In place of a variant: for the experiment's winner."""
_COUNTED: Mapping[Metric, str] = {Metric.OPENS: "opened", Metric.CLICKS: "clicked", Metric.CONVERSIONS: "converted"}
_ARRIVED = ("sent", "delivered")


@dataclass(frozen=True)
class Draw:
    campaign_id: str
    variants: tuple[Variant, ...]
    experiment: Experiment | None = None


def draw(of: Draw, lead_id: str) -> int:
    """The number of a variant, by weight; WAITS for those that are not in the sample."""
    if not of.variants:
        return 0
    digest = sha256(f"{of.campaign_id}/{lead_id}".encode()).digest()
    if of.experiment and int.from_bytes(digest[:4]) % 100 >= of.experiment.sample_percent:
        return WAITS
    point = int.from_bytes(digest[4:8]) % sum(variant.weight for variant in of.variants)
    for number, variant in enumerate(of.variants):
        if point < variant.weight:
            return number
        point -= variant.weight
    raise AssertionError


def settled_variant(campaign: Campaign, variant: int) -> int:
    """The winner's, once there is one."""
    if variant != WAITS or campaign.winner is None:
        return variant
    return next(number for number, variant in enumerate(campaign.variants) if variant.name == campaign.winner)


def best(variants: tuple[Variant, ...], metric: Metric, totals: Totals) -> int:
    """The variant with the highest rate among those it was sent to; the first of equals."""

    def rate(number: int) -> float:
        sent = sum(totals.of(state, number) for state in _ARRIVED)
        return totals.of(_COUNTED[metric], number) / sent if sent else 0.0

    return max(range(len(variants)), key=lambda number: (rate(number), -number))
