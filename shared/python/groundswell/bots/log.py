"""What became of updates: the client's log of a bot, and by the same record each update's one treatment."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

KEPT = timedelta(days=14)


@dataclass(frozen=True)
class LogEntry:
    """`decisions` are what the bot did, in order. No text of anybody is in it."""

    id: str
    client_id: str
    bot_id: str
    update_id: int
    kind: str
    at: datetime
    chat_id: str = ""
    thread_id: str | None = None
    decisions: tuple[str, ...] = field(default=())
    error: str | None = None


class UpdateUnderWay(Exception):
    """Another process is at it: whether it gets done is not known before its lease ends."""
