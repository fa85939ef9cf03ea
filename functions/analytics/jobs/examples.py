"""Example bodies for the API's description."""

from typing import Any

from functions.analytics.questions.examples import FUNNEL, FUNNEL_ASKED

ASKED: dict[str, Any] = {"kind": "funnel", **FUNNEL_ASKED}
_QUESTION: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "created_at": "2026-11-22T10:59:58.120Z",
    "updated_at": "2026-11-22T11:03:12.000Z",
    "question": {**ASKED, "from": 1793491200000, "to": 1795305600000},
    "error": None,
}
STARTED: dict[str, Any] = {**_QUESTION, "status": "queued", "progress": 0, "result": None, "annotations": None}
ANSWERED: dict[str, Any] = {**_QUESTION, "status": "succeeded", "progress": 100, "result": FUNNEL, "annotations": None}
LISTED: dict[str, Any] = {**ANSWERED, "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11", "result": None}
