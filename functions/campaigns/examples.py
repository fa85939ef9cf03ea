"""Example bodies for the API's description."""

from typing import Any

_AT = "2026-11-30T12:00:00.000Z"
_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4e01"
_HTML = '<p>Hi {{first_name | there}}, <a href="https://shop.example/sale">see the sale</a></p>'
CREATE: dict[str, Any] = {
    "name": "Winter sale",
    "channel": "email",
    "subject": "It begins, {{first_name | there}}",
    "from": {"name": "The shop", "email": "news@shop.example"},
    "body": {"html": _HTML},
    "audience": {"all": True},
    "rules": {"throttle_per_minute": 600},
}
_AUDIENCE = {"list_ids": [], "segment_ids": [], "cohort_ids": [], "lead_ids": [], "all": True}
HEAD: dict[str, Any] = {
    "id": _ID,
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c00",
    "name": CREATE["name"],
    "channel": "email",
    "status": "draft",
    "subject": CREATE["subject"],
    "from": CREATE["from"],
    "reply_to": None,
    "template_id": None,
    "message": None,
    "bot_id": None,
    "fallback": None,
    "audience": _AUDIENCE,
    "schedule": None,
    "rules": {
        "frequency_cap": None,
        "quiet_hours": None,
        "stale_after": "1h",
        "throttle_per_minute": 600,
        "utm": True,
    },
    "variants": [],
    "ab": None,
    "winner": None,
    "revision": 1,
    "approval": None,
    "job_id": None,
    "queued": 0,
    "started_at": None,
    "finished_at": None,
    "failure": None,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c99",
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
CAMPAIGN = HEAD | {"body": {"html": _HTML, "mjml": None, "text": ""}, "decisions": []}
UPDATE: dict[str, Any] = {"name": "Winter sale, last days"}
UPDATED = CAMPAIGN | UPDATE | {"version": 2, "revision": 2}
APPROVE: dict[str, Any] = {"comment": "Goes out as it is", "revision": 1}
REFUSE: dict[str, Any] = {"reason": "The sale ends on Sunday", "revision": 1}


def _decided(decision: str, reason: str, status: str) -> dict[str, Any]:
    stage = {"name": "", "required": 1, "approvers": []}
    made = {"id": _ID, "by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c98", "name": None, "at": _AT, "version": 1, "stage": 0}
    at = {"stage": None, "missing": 0, "status": status}
    approval = {"required": 1, "approvers": [], "stages": [stage], **at}
    decisions = [{**made, "decision": decision, "reason": reason}]
    return CAMPAIGN | {"approval": approval, "decisions": decisions, "version": 2}


APPROVED = _decided("approve", APPROVE["comment"], "approved")
REJECTED = _decided("reject", REFUSE["reason"], "rejected")
CHANGES_REQUESTED = _decided("request_changes", REFUSE["reason"], "changes_requested")
