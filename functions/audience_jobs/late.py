"""What this worker does is imported when there is something to do: each of its jobs would cost all a cold start."""

import json
from collections.abc import Callable, Mapping
from functools import cache

from groundswell.operations.model import Operation
from groundswell.operations.service import Job

TRAIN, RESCORE = "scoring_train", "scoring_rescore"
SCORING_TIMERS = frozenset({"scoring.events", "scoring.decay"})
_CROSSING = "scoring.crossing"


class LateJob:
    """A job that `load` makes when there is a step of it to do."""

    def __init__(self, load: Callable[[], Job]) -> None:
        self._load = cache(load)

    def step(self, operation: Operation) -> Operation:
        return self._load().step(operation)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return self._load().outcome(operation)


def is_about_scores(body: str) -> bool:
    """A crossing of a threshold, or the end of a task that one opened."""
    try:
        content = json.loads(body)
    except ValueError:
        return False
    return isinstance(content, dict) and (content.get("kind") == _CROSSING or "event" in content)
