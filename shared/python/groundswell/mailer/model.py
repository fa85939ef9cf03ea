"""A mail, and how it travels to the mailer."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

from groundswell.kernel.errors import Invalid
from groundswell.kernel.message import Message

QUEUE = "mail"


@dataclass(frozen=True)
class Mail:
    """One message to one address. `id` stays the same however often it is delivered. `calendar` is iCalendar text: mail
    programs show it as an invitation (RFC 6047)."""

    id: str
    to: str
    subject: str
    text: str
    html: str
    calendar: str = ""

    def to_message(self) -> Message:
        return Message(QUEUE, self.id, json.dumps(asdict(self), separators=(",", ":")))


@dataclass(frozen=True)
class BulkMail(Mail):
    """One of many. `headers` are more than every mail has; `tags` are what the provider's reports of it repeat."""

    headers: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def parse_mail(body: str) -> Mail:
    """The mail a queue message carries. Raises Invalid for anything else."""
    try:
        document = json.loads(body)
    except ValueError as error:
        raise Invalid(f"not a mail: {error}") from error
    # Nothing of it is quoted: the reason is logged.
    if not isinstance(document, dict) or {"calendar", *document.keys()} != {field.name for field in fields(Mail)}:
        raise Invalid("not a mail: its members are others")
    if not all(isinstance(text, str) for text in document.values()):
        raise Invalid("not a mail: every member is text")
    return Mail(**document)


class MailState(StrEnum):
    """`unknown`: the sender died, or lost the answer, at a moment when the mail may have left."""

    CLAIMED = "claimed"
    SENT = "sent"
    UNKNOWN = "unknown"
