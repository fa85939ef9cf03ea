"""The one port: what a feature leaves in its transaction so that users are told."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Invalid
from groundswell.kernel.message import Message

QUEUE = "notifications"


@dataclass(frozen=True)
class Kind:
    """What users may be told of, declared by its feature: `task.assigned`. `mail` says whether they get a mail, too,
    until they choose otherwise."""

    name: str
    title: str
    mail: bool = True


@dataclass(frozen=True)
class Notice:
    """One message for several users. `mail` as in `Kind`."""

    id: str
    client_id: str
    user_ids: tuple[str, ...]
    kind: str
    text: str
    object_type: str
    object_id: str
    at: datetime
    mail: bool = True


def notification_message(
    client_id: str,
    user_ids: Iterable[str],
    kind: Kind | str,
    text: str,
    *,
    object_type: str,
    object_id: str,
    id: str,  # noqa: A002 - what messages call it
    at: datetime,
) -> Message:
    """Goes into a transaction's `messages`. `text` is one line for people; the same `id` tells nobody twice."""
    name, mail = (kind.name, kind.mail) if isinstance(kind, Kind) else (kind, True)
    notice = Notice(id, client_id, tuple(sorted(set(user_ids))), name, text, object_type, object_id, at, mail)
    return Message(QUEUE, f"{id}-notice", json.dumps({**asdict(notice), "at": rfc3339(at)}, separators=(",", ":")))


def parse_notice(body: str) -> Notice:
    """What `notification_message` wrote. Raises Invalid for anything else."""
    try:
        content: dict[str, Any] = json.loads(body)
        at = datetime.fromisoformat(content["at"])
        return Notice(**{**content, "at": at, "user_ids": tuple(content["user_ids"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid.on("body", "not a notification") from error
