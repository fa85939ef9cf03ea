"""How good predicted chances are, held against what became of the leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log
from operator import itemgetter

_BANDS = 10
_LEAST = 1e-15


@dataclass(frozen=True)
class Band:
    """Leads of similar chance: the mean that was predicted, the share that came true, and how many they are."""

    predicted: float
    observed: float
    n: int


def auc(chances: Sequence[float], outcomes: Sequence[bool]) -> float:
    """The chance that a lead that was won has the higher prediction than one that was lost; ties count half.

    Raises ValueError where all outcomes are the same.
    """
    positives = sum(outcomes)
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        raise ValueError("outcomes of one kind only")
    pairs, below = 0.0, 0
    for _, tied in groupby(sorted(zip(chances, outcomes, strict=True)), key=itemgetter(0)):
        won = [outcome for _, outcome in tied]
        high, low = sum(won), len(won) - sum(won)
        pairs += high * (below + low / 2)
        below += low
    return pairs / (positives * negatives)


def brier(chances: Sequence[float], outcomes: Sequence[bool]) -> float:
    """The mean of the squared errors: 0 is perfect, 0.25 what a coin is worth."""
    return sum((chance - won) ** 2 for chance, won in zip(chances, outcomes, strict=True)) / len(chances)


def log_loss(chances: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Mean, in nats."""
    certain = (chance if won else 1 - chance for chance, won in zip(chances, outcomes, strict=True))
    return -sum(log(max(_LEAST, probability)) for probability in certain) / len(chances)


def calibration(chances: Sequence[float], outcomes: Sequence[bool]) -> tuple[Band, ...]:
    """By tenths of the predicted chance; those that nobody is in are left out."""
    bands: list[list[tuple[float, bool]]] = [[] for _ in range(_BANDS)]
    for chance, won in zip(chances, outcomes, strict=True):
        bands[min(_BANDS - 1, int(chance * _BANDS))].append((chance, won))
    return tuple(
        Band(sum(chance for chance, _ in band) / len(band), sum(won for _, won in band) / len(band), len(band))
        for band in bands
        if band
    )
