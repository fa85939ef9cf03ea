"""What the queue `tasks` brings."""

import json
from dataclasses import dataclass

from groundswell.kernel.errors import Invalid


@dataclass(frozen=True)
class Turned:
    """A task ended, or was reopened."""

    client_id: str
    task_id: str


def parse_turned(body: str) -> Turned | None:
    """None for what is another message. Raises Invalid for what is none."""
    try:
        content = json.loads(body)
        if content.get("event") != "task.turned":
            return None
        return Turned(str(content["client_id"]), str(content["task_id"]))
    except (ValueError, AttributeError, KeyError) as error:
        raise Invalid.on("body", "no message about a task") from error
