"""Example bodies for the API's description."""

from typing import Any

from groundswell.campaigns.sequences.model import Progress

_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4f31"
_AT = "2026-11-30T12:00:00.000Z"
CREATE: dict[str, Any] = {"name": "Welcome", "steps": [], "stop_when": [{"converted": True}]}
SEQUENCE: dict[str, Any] = {
    "id": _ID,
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00",
    "name": "Welcome",
    "status": "active",
    "audience": {"list_ids": [], "segment_ids": [], "cohort_ids": [], "lead_ids": [], "all": False},
    "steps": [
        {
            "wait": "1d",
            "template_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4e11",
            "channel": "email",
            "bot_id": None,
            "campaign_id": f"{_ID}-0",
        }
    ],
    "start_when": {"event": "signed_up", "list": None, "segment": None, "converted": False},
    "stop_when": [{"event": None, "list": None, "segment": None, "converted": True}],
    "from": None,
    "reply_to": None,
    "started_at": _AT,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": _AT,
    "updated_at": _AT,
    "version": 2,
}
UPDATE = {"name": "Welcome aboard"}
UPDATED = SEQUENCE | {"name": "Welcome aboard", "status": "paused", "version": 3}
PAUSED = SEQUENCE | {"status": "paused"}
ENROLMENT: dict[str, Any] = {
    "lead_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "status": Progress.ACTIVE.value,
    "step": 0,
    "due": "2026-12-01T12:00:00.000Z",
    "reason": None,
    "started_at": _AT,
}
