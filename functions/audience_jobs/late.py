"""What this worker does for lead scoring is imported when there is something to do: it costs a cold start."""

import json
from collections.abc import Mapping

from groundswell.operations.model import Operation
from groundswell.operations.service import Job

TRAIN, RESCORE = "scoring_train", "scoring_rescore"
SCORING_TIMERS = frozenset({"scoring.events", "scoring.decay"})
_CROSSING = "scoring.crossing"


class LateJob:
    """A job of scoring by its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def step(self, operation: Operation) -> Operation:
        return self._job().step(operation)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return self._job().outcome(operation)

    def _job(self) -> Job:
        from functions.audience_jobs.scoring import scoring_jobs

        return scoring_jobs()[self._name]


def is_about_scores(body: str) -> bool:
    """A crossing of a threshold, or the end of a task that one opened."""
    try:
        content = json.loads(body)
    except ValueError:
        return False
    return isinstance(content, dict) and (content.get("kind") == _CROSSING or "event" in content)
