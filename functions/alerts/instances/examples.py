"""Examples of instances."""

from typing import Any

from functions.alerts.examples import ADA, ALERT_ID, AT, CLIENT_ID, LATER

INSTANCE: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31",
    "client_id": CLIENT_ID,
    "alert_id": ALERT_ID,
    "alert_name": "Clicks are dear",
    "alert_type": "cpc",
    "status": "firing",
    "severity": "warning",
    "dimensions": {"campaign_id": "916"},
    "value": 1.82,
    "threshold": 1.5,
    "provisional": False,
    "forced": False,
    "started_at": AT,
    "ended_at": None,
    "task_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c21",
    "acknowledged_until": None,
    "escalated_at": None,
    "useful": None,
    "feedback": None,
    "notifications": [{"channel": "email", "to": "ada@lovelace.example", "state": "queued", "at": AT}],
    "history": [{"at": AT, "from": None, "to": "firing", "by": "system", "comment": None}],
    "created_at": AT,
    "updated_at": AT,
    "version": 2,
}
COMMENT = {"comment": "The bid was a typing error"}


def _moved(status: str, ended: str | None, comment: str) -> dict[str, Any]:
    step = {"at": LATER, "from": "firing", "to": status, "by": ADA, "comment": comment}
    history = [*INSTANCE["history"], step]
    return {**INSTANCE, "status": status, "ended_at": ended, "history": history, "updated_at": LATER, "version": 3}


RESOLVED = _moved("resolved", LATER, COMMENT["comment"])
DISMISSED = _moved("dismissed", LATER, COMMENT["comment"])
ACKNOWLEDGE = {"comment": "I am looking at it", "expires_in": "4h"}
ACKNOWLEDGED = {
    **_moved("acknowledged", None, ACKNOWLEDGE["comment"]),
    "acknowledged_until": "2026-11-30T17:00:00.000Z",
}
FEEDBACK = {"useful": False, "comment": "It does that every Monday"}
JUDGED = {**INSTANCE, "useful": False, "feedback": FEEDBACK["comment"], "version": 3}
