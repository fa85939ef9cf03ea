"""Example bodies for the API's description."""

from typing import Any

ALERT_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c30"
ADA = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
CLIENT_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12"
AT = "2026-11-30T12:00:00.000Z"
LATER = "2026-11-30T13:00:00.000Z"
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
    "id": ALERT_ID,
    "client_id": CLIENT_ID,
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
    "created_by": ADA,
    "created_at": AT,
    "updated_at": AT,
    "version": 1,
}
_RESULT = {"dimensions": {"campaign_id": "916"}, "value": 1.82, "state": "firing", "reason": None, "provisional": False}
ALERT = {
    **CREATED,
    "evaluation": {"evaluated_at": AT, "state": "firing", "open_instances": 1, "results": [_RESULT]},
}
UPDATE = {"description": "What a click may cost", "is_active": False}
UPDATED = {**ALERT, **UPDATE, "version": 2}
TRIGGER = {"force": True}
TRIGGERED = {"evaluated_at": AT, "results": [_RESULT], "instance_ids": ["0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31"]}
PREVIEW = {"alert": CREATE, "days": 7}
PREVIEWED = {
    "would_fire": [
        {"at": AT, "dimensions": {"campaign_id": "916"}, "value": 1.82, "threshold": 1.5, "severity": "warning"}
    ]
}
