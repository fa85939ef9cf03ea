"""Who hears what of a creative."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from groundswell.approval.model import ApprovalStatus
from groundswell.creatives.model import Comment, Creative
from groundswell.kernel.message import Message
from groundswell.notifications.message import Kind, notification_message
from groundswell.webhooks.events import event_message

QUEUE = "content"
REQUESTED = Kind("creative.review_requested", "A creative waits for your decision")
DECIDED = Kind("creative.decided", "A creative of yours was decided on")
COMMENTED = Kind("creative.commented", "Somebody commented on a creative of yours", mail=False)
STALLED = Kind("creative.stalled", "The review of a creative makes no progress")
KINDS = (REQUESTED, DECIDED, COMMENTED, STALLED)
SUBMITTED = "creative.submitted"
_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51",
    "title": "Spring sale, square",
    "status": "pending",
    "creative_version": 1,
}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    SUBMITTED: {"creative": _EXAMPLE},
    **{
        f"creative.{approval_status}": {"creative": _EXAMPLE | {"status": approval_status.value}}
        for approval_status in ApprovalStatus
        if approval_status is not ApprovalStatus.PENDING
    },
}


def turned(creative: Creative, cycle: int) -> Message:
    """For the worker: the task of that cycle is to be opened, or closed."""
    body = {"event": "creative.turned", "client_id": creative.client_id, "creative_id": creative.id, "cycle": cycle}
    return Message(QUEUE, f"{creative.id}-{creative.version + 1}-turned", json.dumps(body))


def messages_of(before: Creative | None, after: Creative, by: str, at: datetime) -> list[Message]:
    """What follows from a write, told together with it."""
    was = (before.status, before.creative_version, before.awaited) if before else None
    messages = [turned(after, after.cycle)]
    if was is None or was[1] != after.creative_version:
        messages.append(_event(SUBMITTED, after, at))
    elif was[0] is not after.status:
        messages.append(_event(f"creative.{after.status}", after, at))
        word = after.status.value.replace("_", " ")
        messages += notice(after, after.authors, DECIDED, f"{word.capitalize()}: {after.content.title}", by, at)
    # Those of the first stage are told of the task that is opened for them.
    if was and was[1] == after.creative_version and (approvers := set(after.awaited) - set(was[2])):
        messages += notice(after, approvers, REQUESTED, f"Your decision is wanted: {after.content.title}", by, at)
    return messages


def commented(creative: Creative, comment: Comment, at: datetime) -> list[Message]:
    text = f"{comment.name or 'Somebody'} commented: {creative.content.title}"
    people = set(creative.authors) - {comment.by}
    return notice(creative, people, COMMENTED, text, comment.by, at, comment.id)


def notice(
    creative: Creative, people: Iterable[str], kind: Kind, text: str, by: str, at: datetime, about: str = ""
) -> list[Message]:
    """Nobody is told of what they did themselves; keys and guests read nothing."""
    recipients = [person for person in people if person != by and ":" not in person]
    if not recipients:
        return []
    message = notification_message(
        creative.client_id,
        recipients,
        kind,
        text[:200],
        object_type="creative",
        object_id=creative.id,
        id=f"{creative.id}-{about or creative.version + 1}-{kind.name}",
        at=at,
    )
    return [message]


def _event(kind: str, creative: Creative, at: datetime) -> Message:
    payload = {
        "id": creative.id,
        "title": creative.content.title,
        "status": creative.status.value,
        "creative_version": creative.creative_version,
    }
    event_id = f"{kind.replace('.', '-')}:{creative.id}:{creative.version + 1}"
    return event_message(creative.client_id, kind, {"creative": payload}, id=event_id, at=at)
