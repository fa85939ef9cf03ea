"""The mail that the local stage sent, read from where the mailbox adapter leaves it."""

import email
from email.message import EmailMessage
from email.policy import default
from typing import Any

from groundswell.kernel.email import email_key
from infra.local.resources import Clients

EVERYBODY = "MAILBOX"
MOST = 100


class Mailbox:
    def __init__(self, clients: Clients, table: str) -> None:
        self._clients = clients
        self._table = table

    def messages(self, to: str | None) -> list[dict[str, Any]]:
        """The last MOST mails to that address, or to anybody, newest first."""
        partition = f"{EVERYBODY}#{email_key(to)}" if to is not None else EVERYBODY
        items = self._clients.dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ScanIndexForward=False,
            Limit=MOST,
        )["Items"]
        return [mail(item["raw"]["S"]) for item in items]


def mail(raw: str) -> dict[str, Any]:
    """One RFC 5322 message as JSON: `headers` by name as sent, `text` and `html` None where there is none."""
    message = email.message_from_string(raw, EmailMessage, policy=default)
    return {
        "to": str(message["to"] or ""),
        "from": str(message["from"] or ""),
        "subject": str(message["subject"] or ""),
        "headers": {name: str(value) for name, value in message.items()},
        "text": _part(message, "plain"),
        "html": _part(message, "html"),
    }


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    if part is None:
        return None
    content: str = part.get_content()
    return content
