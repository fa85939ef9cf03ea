"""Example bodies for the API's description."""

from typing import Any

_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51"
_ME = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
_BOB = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c14"
_AT = "2026-11-22T09:00:00.000Z"
_LATER = "2026-11-22T10:00:00.000Z"
SUBMIT: dict[str, Any] = {
    "title": "Spring sale, headline",
    "type": "copy",
    "text": "Spring is here: 20 % off",
    "platform": "google_ads",
    "placement": "headline",
    "due_date": "2027-03-01",
}
CREATIVE: dict[str, Any] = {
    "id": _ID,
    **SUBMIT,
    "media_id": None,
    "url": None,
    "due_at": "2027-03-01T23:59:59.000Z",
    "status": "pending",
    "creative_version": 1,
    "approval": {
        "required": 1,
        "approvers": [],
        "stages": [{"name": "", "required": 1, "approvers": []}],
        "stage": 0,
        "missing": 1,
    },
    "checks": [{"rule": "text_length", "ok": True, "message": "24 characters; 30 are shown"}],
    "decisions": [],
    "task_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31",
    "submitted_by": _ME,
    "created_by": _ME,
    "created_at": _AT,
    "updated_at": _AT,
    "version": 1,
}
UPDATE: dict[str, Any] = {"text": "Spring is here: 25 % off"}
UPDATED: dict[str, Any] = CREATIVE | UPDATE | {"creative_version": 2, "updated_at": _LATER, "version": 2}


def _decided(decision: str, status: str, reason: str | None) -> dict[str, Any]:
    made = {
        "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c52",
        "by": _BOB,
        "name": None,
        "at": _LATER,
        "decision": decision,
        "version": 1,
        "stage": 0,
        "reason": reason,
    }
    approval = CREATIVE["approval"] | {"stage": None, "missing": 0}
    later = {"decisions": [made], "updated_at": _LATER, "version": 2}
    return CREATIVE | {"status": status, "approval": approval, **later}


APPROVE: dict[str, Any] = {"comment": "Lovely"}
APPROVED: dict[str, Any] = _decided("approve", "approved", "Lovely")
REJECT: dict[str, Any] = {"reason": "We do not sell shoes any more"}
REJECTED: dict[str, Any] = _decided("reject", "rejected", REJECT["reason"])
CHANGES: dict[str, Any] = {"reason": "Make the logo larger"}
CHANGES_REQUESTED: dict[str, Any] = _decided("request_changes", "changes_requested", CHANGES["reason"])
VERSION: dict[str, Any] = {
    "creative_version": 1,
    "by": _ME,
    "at": _AT,
    **{
        name: CREATIVE[name] for name in ("title", "type", "media_id", "url", "text", "platform", "placement", "checks")
    },
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
LOG_ENTRY: dict[str, Any] = {
    "number": 1,
    "entry": '{"at": "2026-11-22T10:00:00.000Z", "by": "…", "decision": "approve", "shown": "9f86…", "version": 1}',
    "seal": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
}
COMMENT_IN: dict[str, Any] = {"text": "The logo is too small", "region": {"x": 70, "y": 5, "w": 25, "h": 10}}
COMMENT: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c53",
    "by": _BOB,
    "name": None,
    "at": _LATER,
    **COMMENT_IN,
    "creative_version": 1,
    "page": None,
    "timecode": None,
    "resolved_at": None,
    "resolved_by": None,
    "created_at": _LATER,
    "updated_at": _LATER,
    "version": 1,
}
RESOLVED: dict[str, Any] = COMMENT | {
    "resolved_at": "2026-11-22T11:00:00.000Z",
    "resolved_by": _ME,
    "updated_at": "2026-11-22T11:00:00.000Z",
    "version": 2,
}
SHARE: dict[str, Any] = {"purpose": "review"}
LINK: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c54",
    "purpose": "review",
    "created_by": _ME,
    "created_at": _AT,
    "expires_at": "2026-12-06T09:00:00.000Z",
    "creative_version": 1,
    "decided_at": None,
    "revoked_at": None,
    "updated_at": _AT,
    "version": 1,
}
LINK_CREATED: dict[str, Any] = LINK | {"url": "https://api.groundswell.dev/r/eyJ2IjoxfQ"}
