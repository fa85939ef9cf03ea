"""Example bodies for the API's description."""

from typing import Any

ASK = {"person": "ada"}
REQUESTED: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c13",
    "job": "export",
    "status": "queued",
    "progress": 0,
    "created_at": "2026-11-22T10:00:00.000Z",
    "updated_at": "2026-11-22T10:00:00.000Z",
    "result": None,
    "error": None,
}
FINISHED: dict[str, Any] = REQUESTED | {
    "status": "succeeded",
    "progress": 100,
    "updated_at": "2026-11-22T10:00:20.000Z",
    "result": {
        "events": 412,
        "rejected_events": 1,
        "suppressions": 0,
        "cohorts": 2,
        "wallet_proofs": 1,
        "identifiers": 3,
        "illegible_blocks": 0,
        "bytes": 40213,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "files": [
            {
                "name": "events.jsonl",
                "records": 412,
                "bytes": 251004,
                "sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            }
        ],
        "digests": ["5f1c0c7be3a4d2f1"],
        "as_of": "2026-11-22T09:59:58.120Z",
        "requested_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
        "requested_at": "2026-11-22T10:00:00.000Z",
        "finished_at": "2026-11-22T10:00:20.000Z",
        "available_until": "2026-11-29T10:00:20.000Z",
    },
}
LINKED: dict[str, Any] = FINISHED | {
    "download": {
        "url": "https://bucket.s3.amazonaws.com/people/…/export.zip?X-Amz-Algorithm=AWS4-HMAC-SHA256&…",
        "expires_at": "2026-11-22T10:06:00.000Z",
    }
}
