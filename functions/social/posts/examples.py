"""Bodies that the API's description shows."""

_ACCOUNT = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12"
CREATE = {
    "account_id": _ACCOUNT,
    "text": "We are hiring: https://example.com/jobs",
    "scheduled_at": "2099-01-04T09:00:00Z",
}
POST = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c20",
    "network": "linkedin",
    "account_id": _ACCOUNT,
    "status": "scheduled",
    "parts": [
        {
            "text": "We are hiring: https://example.com/jobs",
            "length": 39,
            "media_ids": [],
            "state": "pending",
            "network_id": None,
            "url": None,
        }
    ],
    "first_comment": False,
    "links": [],
    "leads": 0,
    "scheduled_at": "2099-01-04T09:00:00.000Z",
    "approval": False,
    "approved_by": None,
    "approvals_missing": 0,
    "revision": 1,
    "review": None,
    "decisions": [],
    "published_at": None,
    "error": None,
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-30T12:00:00.000Z",
    "updated_at": "2026-11-30T12:00:00.000Z",
    "version": 1,
}
UPDATE = {"scheduled_at": "2099-01-05T09:00:00Z"}
UPDATED = {**POST, "scheduled_at": "2099-01-05T09:00:00.000Z", "version": 2}
CANCELLED = {**POST, "status": "cancelled", "version": 2}
APPROVE = {"comment": "Well said", "revision": 1}
HAND_BACK = {"reason": "The link is last year's", "revision": 1}
