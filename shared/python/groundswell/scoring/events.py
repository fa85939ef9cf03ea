"""What a client's webhooks hear of scores."""

from collections.abc import Mapping
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.scoring.standing import Crossing
from groundswell.webhooks.events import event_message

REACHED = "lead.stage_reached"
EVENTS: Mapping[str, Mapping[str, Any]] = {
    REACHED: {
        "lead_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
        "stage": "mql",
        "score": 0.62,
        "grade": "B",
        "scored_at": "2026-11-22T11:00:00.000Z",
        "crossing": 1,
    }
}


def reached(client_id: str, lead_id: str, crossing: Crossing) -> Message:
    data = {
        "lead_id": lead_id,
        "stage": crossing.stage,
        "score": crossing.score,
        "grade": crossing.grade,
        "scored_at": rfc3339(crossing.at),
        "crossing": crossing.number,
    }
    return event_message(client_id, REACHED, data, id=f"lead-stage:{lead_id}:{crossing.number}", at=crossing.at)
