"""Example bodies for the API's description."""

from typing import Any

_ALERT = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c30"
_ADA = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_CLIENT = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12"
_AT = "2026-11-30T12:00:00.000Z"
_LATER = "2026-11-30T13:00:00.000Z"
CREATE: dict[str, Any] = {
    "name": "Clicks are dear",
    "alert_type": "cpc",
    "data_source": "all_ads",
    "condition_config": {
        "operator": "gt",
        "threshold": 1.5,
        "window": "7d",
        "dimension": "campaign_id",
        "for": "1h",
        "recovery_threshold": 1.3,
        "levels": [{"severity": "critical", "threshold": 3}],
    },
    "action_config": {
        "create_task": {"priority": "High"},
        "emails": ["ada@lovelace.example"],
        "webhook": True,
        "escalate_after": "30m",
        "escalate_to": {"emails": ["grace@lovelace.example"]},
    },
    "frequency": {"every": "15m"},
    "mute_windows": [{"weekdays": ["sat", "sun"], "from": "22:00", "to": "07:00", "timezone": "Europe/Berlin"}],
}
CREATED: dict[str, Any] = {
    "id": _ALERT,
    "client_id": _CLIENT,
    "name": "Clicks are dear",
    "description": None,
    "alert_type": "cpc",
    "data_source": "all_ads",
    "condition_config": {
        **CREATE["condition_config"],
        "severity": "warning",
        "event": None,
        "metric": None,
        "aggregation": "sum",
        "currency": None,
        "provisional": False,
    },
    "action_config": {
        "create_task": {"assignees": [], "priority": "High"},
        "emails": ["ada@lovelace.example"],
        "slack_webhook_url": None,
        "webhook": True,
        "escalate_after": "30m",
        "escalate_to": {"emails": ["grace@lovelace.example"], "assignees": []},
        "notify_resolved": False,
        "throttle": None,
    },
    "frequency": {"every": "15m", "cron": None, "timezone": "UTC"},
    "mute_windows": CREATE["mute_windows"],
    "timezone": "UTC",
    "is_active": True,
    "is_default": False,
    "evaluation": None,
    "created_by": _ADA,
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
_RESULT = {"dimensions": {"campaign_id": "916"}, "value": 1.82, "state": "firing", "reason": None, "provisional": False}
ALERT = {
    **CREATED,
    "evaluation": {"evaluated_at": _AT, "state": "firing", "open_instances": 1, "results": [_RESULT]},
}
UPDATE = {"description": "What a click may cost", "is_active": False}
UPDATED = {**ALERT, **UPDATE, "version": 2}
TRIGGER = {"force": True}
INSTANCE: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31",
    "client_id": _CLIENT,
    "alert_id": _ALERT,
    "alert_name": "Clicks are dear",
    "alert_type": "cpc",
    "status": "firing",
    "severity": "warning",
    "dimensions": {"campaign_id": "916"},
    "value": 1.82,
    "threshold": 1.5,
    "provisional": False,
    "forced": False,
    "started_at": _AT,
    "ended_at": None,
    "task_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c21",
    "acknowledged_until": None,
    "escalated_at": None,
    "useful": None,
    "feedback": None,
    "notifications": [{"channel": "email", "to": "ada@lovelace.example", "state": "queued", "at": _AT}],
    "history": [{"at": _AT, "from": None, "to": "firing", "by": "system", "comment": None}],
    "created_at": _AT,
    "updated_at": _AT,
    "version": 2,
}
TRIGGERED = {"evaluated_at": _AT, "results": [_RESULT], "instance_ids": [INSTANCE["id"]]}
PREVIEW = {"alert": CREATE, "days": 7}
PREVIEWED = {
    "would_fire": [
        {"at": _AT, "dimensions": {"campaign_id": "916"}, "value": 1.82, "threshold": 1.5, "severity": "warning"}
    ]
}
COMMENT = {"comment": "The bid was a typing error"}


def _moved(status: str, ended: str | None, comment: str) -> dict[str, Any]:
    step = {"at": _LATER, "from": "firing", "to": status, "by": _ADA, "comment": comment}
    history = [*INSTANCE["history"], step]
    return {**INSTANCE, "status": status, "ended_at": ended, "history": history, "updated_at": _LATER, "version": 3}


RESOLVED = _moved("resolved", _LATER, COMMENT["comment"])
DISMISSED = _moved("dismissed", _LATER, COMMENT["comment"])
ACKNOWLEDGE = {"comment": "I am looking at it", "expires_in": "4h"}
ACKNOWLEDGED = {
    **_moved("acknowledged", None, ACKNOWLEDGE["comment"]),
    "acknowledged_until": "2026-11-30T17:00:00.000Z",
}
FEEDBACK = {"useful": False, "comment": "It does that every Monday"}
JUDGED = {**INSTANCE, "useful": False, "feedback": FEEDBACK["comment"], "version": 3}
SILENCE_CREATE = {"matchers": {"severity": "warning"}, "ends_at": "2099-12-01T08:00:00Z", "comment": "Migration"}
SILENCE = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c32",
    "matchers": {"severity": "warning"},
    "starts_at": _AT,
    "ends_at": "2099-12-01T08:00:00.000Z",
    "comment": "Migration",
    "created_by": _ADA,
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
