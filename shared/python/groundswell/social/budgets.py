"""How much of a network's rate is left to an account: as its headers say, or counted where it sends none."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from groundswell.social.model import Network
from groundswell.social.networks.port import Budget

PER_DAY: Mapping[Network, int] = {Network.LINKEDIN: 150}
"""Posts of one author from one midnight in UTC to the next, at a network whose answers tell of no rate
(https://learn.microsoft.com/linkedin/marketing/community-management/shares/share-api)."""


def budget_now(network: Network, known: Budget | None, now: datetime) -> Budget | None:
    """None where nobody knows."""
    if known and known.resets_at > now:
        return known
    per_day = PER_DAY.get(network)
    return Budget(per_day, _midnight(now)) if per_day else None


def budget_after(network: Network, known: Budget | None, budget: Budget | None, now: datetime) -> Budget | None:
    """After one publication, of which the network said `told`."""
    if budget:
        return budget
    present = budget_now(network, known, now)
    if present is None or network not in PER_DAY:
        return None
    return Budget(max(present.remaining - 1, 0), present.resets_at)


def _midnight(now: datetime) -> datetime:
    return (now.astimezone(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
