"""Example bodies for the API's description."""

from typing import Any

from functions.leads.examples import LEAD

_OTHER = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12"
MERGE: dict[str, Any] = {"keep_id": LEAD["id"], "other_id": _OTHER}
MERGED: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c55",
    "merge_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c55",
    **MERGE,
    "by": LEAD["created_by"],
    "created_at": "2026-11-22T11:00:00.000Z",
    "updated_at": "2026-11-22T11:00:00.000Z",
    "version": 1,
    "undone_at": None,
    "undone_by": None,
}
_AT = "2026-11-22T12:00:00.000Z"
UNDONE = MERGED | {"undone_at": _AT, "undone_by": LEAD["created_by"], "updated_at": _AT, "version": 2}
