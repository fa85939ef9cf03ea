"""What the queue `content` brings, besides timers."""

import json
from dataclasses import dataclass

from groundswell.kernel.errors import Invalid


@dataclass(frozen=True)
class ReviewTurned:
    """A creative was submitted, decided on or deleted: the task of that review is to be as the creative is."""

    client_id: str
    creative_id: str
    cycle: int


@dataclass(frozen=True)
class TaskEnded:
    """Somebody ended the task of a review by hand, which decides nothing."""


def parse_event(body: str) -> ReviewTurned | TaskEnded | None:
    """None for what is another message. Raises Invalid for what is none."""
    try:
        content = json.loads(body)
        event = content.get("event")
        if event in ("task.completed", "task.cancelled"):
            return TaskEnded()
        if event != "creative.turned":
            return None
        return ReviewTurned(str(content["client_id"]), str(content["creative_id"]), int(content["cycle"]))
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise Invalid.on("body", "no message about content") from error
