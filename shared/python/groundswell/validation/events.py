"""What a client's webhooks hear of verdicts."""

from collections.abc import Mapping
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.validation.model import Checked
from groundswell.webhooks.events import event_message

VERDICT = "email.verdict"
EVENTS: Mapping[str, Mapping[str, Any]] = {
    VERDICT: {
        "email": "ada@lovelace.example",
        "verdict": "deliverable",
        "reasons": ["mailbox_exists"],
        "checked_at": "2026-11-30T09:05:00.000Z",
    }
}


def verdict_turned(client_id: str, checked: Checked) -> Message:
    """One that was unknown is final now."""
    data = {
        "email": checked.email,
        "verdict": checked.verdict.value,
        "reasons": [reason.value for reason in checked.reasons],
        "checked_at": rfc3339(checked.checked_at),
    }
    event_id = f"{VERDICT.replace('.', '-')}:{checked.id}:{int(checked.checked_at.timestamp())}"
    return event_message(client_id, VERDICT, data, id=event_id, at=checked.checked_at)
