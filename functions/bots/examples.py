"""Bodies that the API's description shows."""

_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c51"
CREATE = {"token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "name": "Support"}
BOT = {
    "id": _ID,
    "name": "Support",
    "username": "acme_support_bot",
    "webhook_url": f"https://api.acme.example/api/v1/bot/webhook/{_ID}",
    "commands": [],
    "ai": {"enabled": False, "instructions": ""},
    "handoff": {
        "enabled": True,
        "keywords": ["human", "agent", "operator"],
        "message": "A colleague will answer you here.",
        "assignee_id": None,
    },
    "created_by": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "created_at": "2026-11-30T12:00:00.000Z",
    "updated_at": "2026-11-30T12:00:00.000Z",
    "version": 1,
}
CREATED = {**BOT, "secret_shown_once": "dGhpcyBpcyBub3QgYSBzZWNyZXQsIGp1c3QgMzIgYiE"}
_COMMAND = {"command": "hours", "reply": "We are here from 9 to 5.", "description": "Opening hours", "buttons": []}
UPDATE = {"commands": [_COMMAND], "ai": {"enabled": True, "instructions": "You help customers of Acme."}}
LOG = {
    "id": "1796040000000-10000",
    "update_id": 10000,
    "kind": "message",
    "at": "2026-11-30T12:00:00.000Z",
    "chat_id": "1",
    "thread_id": "0192f0c1-7c1a-8d3e-8f00-2b6f1e9a4c61",
    "decisions": ["lead_met", "stored", "started:spring", "answered", "command:start"],
    "error": None,
}
STATUS = {
    "status": "ok",
    "bots": [
        {
            "id": _ID,
            "name": "Support",
            "username": "acme_support_bot",
            "status": "ok",
            "webhook": {"url": BOT["webhook_url"], "expected_url": BOT["webhook_url"]},
            "pending_updates": 0,
            "last_update_at": "2026-11-30T12:00:00.000Z",
            "last_error": None,
        }
    ],
}
UPDATED = {**BOT, **UPDATE, "version": 2}
