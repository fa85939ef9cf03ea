"""What a round found."""

from dataclasses import dataclass


@dataclass
class Report:
    """`drift` events were missing from rollups or counted too often; `recovered` were in blocks that nobody committed;
    `lost` blocks cannot be committed any more. Zero is the rule for all three."""

    logs: int = 0
    hours: int = 0
    drift: int = 0
    recovered: int = 0
    lost: int = 0
    finished: bool = True
