"""The mails that wait in the outbox."""

import json
import re

from tests.backend import Backend


def mail_to(backend: Backend, email: str) -> dict[str, str]:
    """The newest one for that address. Raises ValueError when there is none."""
    outbox = [item for item in backend.items("core") if item["kind"]["S"] == "outbox"]
    waiting = [json.loads(item["body"]["S"]) for item in outbox if item["queue"]["S"] == "mail"]
    return max((mail for mail in waiting if mail["to"] == email), key=lambda mail: mail["id"])


def token_to(backend: Backend, email: str) -> str:
    """The token in it."""
    return re.search(r"API users: (\S+)", mail_to(backend, email)["text"])[1]
