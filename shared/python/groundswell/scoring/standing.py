"""Where a lead stands between two scores: the stage that it reached, what it was worth while it was open, and what
somebody gave it by hand. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from groundswell.leads.model import Status
from groundswell.scoring.model import Adjustment, Score

STAGES = ("mql", "sql")
BANDS = 10
"""Of equal width, from 0 to 1."""
_OUTCOMES = {Status.CONVERTED: "won", Status.LOST: "lost"}


@dataclass(frozen=True)
class Standing:
    """`crossings` counts stages that were reached. `open_score` is the last one that the lead had before it was closed,
    by the config `open_version`; `model_version` is the last score's; `counted` is how it is counted among outcomes."""

    stage: str | None = None
    crossings: int = 0
    adjustments: tuple[Adjustment, ...] = ()
    open_score: float | None = None
    open_version: int | None = None
    counted: str | None = None
    model_version: int | None = None
    version: int = 0


@dataclass(frozen=True)
class Crossing:
    """A lead came to a stage from below. `number` tells it from all others of the lead."""

    stage: str
    number: int
    score: float
    grade: str
    at: datetime


def moved(before: Standing, score: Score, status: Status) -> tuple[Standing, tuple[Crossing, ...]]:
    """Where it stands now, and which stages it came to."""
    reached = STAGES[_rank(before.stage) : _rank(score.stage)]
    crossings = tuple(
        Crossing(stage, before.crossings + number, score.score, score.grade, score.scored_at)
        for number, stage in enumerate(reached, 1)
    )
    after = replace(before, stage=score.stage, crossings=before.crossings + len(crossings))
    outcome = _OUTCOMES.get(status)
    if outcome is None:
        return replace(after, open_score=score.score, open_version=score.model_version, counted=None), crossings
    known = after.open_score is not None
    return replace(after, counted=_counted(after, outcome) if known else None), crossings


def band_of(score: float) -> int:
    return min(BANDS - 1, int(score * BANDS))


def _counted(standing: Standing, outcome: str) -> str:
    """`<config version>#<band>#<won or lost>`."""
    return f"{standing.open_version}#{band_of(standing.open_score or 0)}#{outcome}"


def _rank(stage: str | None) -> int:
    return STAGES.index(stage) + 1 if stage in STAGES else 0
