"""What became of leads by the scores that they had while they were open. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from groundswell.scoring.standing import BANDS


@dataclass(frozen=True)
class BandOutcome:
    """Closed leads whose last score before that was in [low, high), and 1 in the highest."""

    low: float
    high: float
    won: int
    lost: int

    @property
    def leads(self) -> int:
        return self.won + self.lost

    @property
    def won_rate(self) -> float | None:
        return self.won / self.leads if self.leads else None


@dataclass(frozen=True)
class Performance:
    """By config version; None is all of them. `auc` is of the bands: the chance that a lead that was won was in a
    higher one than a lead that was lost, ties half. None while only one kind is known."""

    version: int | None
    bands: tuple[BandOutcome, ...]
    auc: float | None

    @property
    def won(self) -> int:
        return sum(band.won for band in self.bands)

    @property
    def lost(self) -> int:
        return sum(band.lost for band in self.bands)


def performance(tallies: Mapping[str, int], version: int | None) -> Performance:
    """Of tallies by `Standing.counted`."""
    counts = Counter[tuple[int, str]]()
    for counted, leads in tallies.items():
        of, band, outcome = counted.split("#")
        if version is None or int(of) == version:
            counts[int(band), outcome] += leads
    bands = tuple(
        BandOutcome(at / BANDS, (at + 1) / BANDS, counts[at, "won"], counts[at, "lost"]) for at in range(BANDS)
    )
    return Performance(version, bands, _auc(bands))


def _auc(bands: Iterable[BandOutcome]) -> float | None:
    pairs, won, lost = 0.0, 0, 0
    for band in bands:
        pairs += band.won * (lost + band.lost / 2)
        won, lost = won + band.won, lost + band.lost
    return pairs / (won * lost) if won and lost else None
