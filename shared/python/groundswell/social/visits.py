"""Who came by a post."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Visits:
    """`clicks` on its short links, by their place among them; `leads` are people, each counted once."""

    clicks: Mapping[int, int] = field(default_factory=dict)
    leads: int = 0


NOBODY = Visits()
