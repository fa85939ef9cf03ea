"""Bodies that the API's description shows."""

from groundswell.http.chat_message import EXAMPLE as MESSAGE

_USER = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11"
SEND = {"message": "Where is my order?", "client_message_id": "web-1", "ai": False}
SENT = {
    **MESSAGE,
    "message_id": MESSAGE["id"],
    "reply": None,
}
WHOLE = {**MESSAGE, "reply": None}
VISITOR = {
    "visitor_id": "visitor_0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c63",
    "token": "eyJ2IjoxfQabc",
    "name": "Grace",
    "expires_at": "2027-05-29T12:00:00.000Z",
}
THREAD = {
    "id": MESSAGE["thread_id"],
    "subject": "Where is my order?",
    "user_id": _USER,
    "name": None,
    "channel": "web",
    "status": "active",
    "assignee_id": None,
    "answering": "assistant",
    "last_message": {
        "text": "Where is my order?",
        "role": "user",
        "sequence": 1,
        "created_at": "2026-11-30T12:00:00.000Z",
    },
    "last_message_at": "2026-11-30T12:00:00.000Z",
    "message_count": 1,
    "unread": 0,
    "tags": ["order"],
    "language": "en",
    "rating": None,
    "rating_comment": None,
    "lead_id": None,
    "bot_id": None,
    "created_at": "2026-11-30T12:00:00.000Z",
    "updated_at": "2026-11-30T12:00:00.000Z",
    "version": 1,
}
ARCHIVED = {**THREAD, "status": "archived", "version": 2}
RATE = {"rating": 5, "comment": "Quick and friendly"}
SETTINGS = {
    "tags": [
        {
            "name": "order",
            "contains": ["order", "delivery"],
            "description": "Somebody asks where something is that they have bought",
            "action": {"create_task": False, "task_assignees": [], "webhook": True, "assign_to": None},
        }
    ],
    "canned_replies": [{"shortcut": "hours", "text": "We are here from 9 to 5."}],
    "agents": [],
    "assistant": {
        "instructions": "We sell tea. Orders arrive within three days.",
        "fallback": "Thank you for your message. A colleague will answer you as soon as possible.",
        "always": False,
    },
    "updated_at": "2026-11-30T12:00:00.000Z",
    "version": 1,
}
UPDATE = {name: SETTINGS[name] for name in ("tags", "canned_replies", "assistant")}
