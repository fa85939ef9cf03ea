"""What the worker `conversations` is asked to do after a message is there."""

import json
from dataclasses import dataclass
from typing import Any

from groundswell.chat.model import Message
from groundswell.kernel.errors import Invalid
from groundswell.kernel.message import Message as Queued

QUEUE = "conversations"
REPLY = "chat.reply"
DELIVER = "chat.deliver"
TASK = "chat.task"
TAGS = "chat.tags"
LATER = "chat.later"
"""The kind of a scheduled message's timer; its key is the message's id."""


@dataclass(frozen=True)
class Job:
    """`kind` is REPLY, TAGS or DELIVER, for the message at that place."""

    kind: str
    client_id: str
    thread_id: str
    sequence: int

    @property
    def body(self) -> str:
        return json.dumps(vars(self), separators=(",", ":"))


def job_message(kind: str, message: Message) -> Queued:
    job = Job(kind, message.client_id, message.thread_id, message.sequence)
    return Queued(QUEUE, f"{kind}:{message.id}", job.body)


def parse_job(content: dict[str, Any]) -> Job:
    """Raises Invalid."""
    try:
        return Job(**{**content, "sequence": int(content["sequence"])})
    except (TypeError, ValueError, KeyError) as error:
        raise Invalid.on("body", "not a job of conversations") from error
