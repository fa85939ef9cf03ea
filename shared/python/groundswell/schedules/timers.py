"""Timers: what a feature wants to hear of at a time. It sets one in the transaction that gives it a reason
(`store.set_timer`); from its due time on, the next tick of a minute sends a `Firing` to the queue that it names.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Invalid

_TYPES = {"tenant": str, "kind": str, "key": str, "late_seconds": int, "missed": bool, "payload": dict}
HOUR = timedelta(hours=1)
_LONGEST_NAME = 256  # characters: three of them and a time stay below DynamoDB's 1,024 bytes for a sort key
_LARGEST_PAYLOAD = 4096  # bytes: ten of them are one batch of SQS


@dataclass(frozen=True)
class Timer:
    """One of its `key` in a tenant and kind: setting another one replaces it.

    `due` counts to the millisecond. `queue` is the declared name of an SQS queue whose consumer takes timers;
    `payload` is JSON, for what the consumer cannot read from the object itself: no personal data.
    Sent later than `grace` after its due time, it is `missed`.
    Raises ValueError for a due time without a zone and for what is too long to be kept.
    """

    tenant: str
    kind: str
    key: str
    due: datetime
    queue: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    grace: timedelta = HOUR

    def __post_init__(self) -> None:
        if self.due.tzinfo is None:
            raise ValueError("a due time has a zone")
        for name in (self.tenant, self.kind, self.key):
            if not 0 < len(name.encode()) <= _LONGEST_NAME or "#" in name:
                raise ValueError(f"tenant, kind and key have 1 to {_LONGEST_NAME} bytes and no #: {name[:20]!r}")
        if len(json.dumps(self.payload)) > _LARGEST_PAYLOAD:
            raise ValueError(f"a payload has {_LARGEST_PAYLOAD} bytes at most: name what is large by its id")


@dataclass(frozen=True)
class Firing:
    """A timer as its consumer hears of it: at least once, so it does its work by `service.run_once`.

    `missed` says that it comes later than the timer's grace allows: there was an outage.
    """

    tenant: str
    kind: str
    key: str
    due: datetime
    late_seconds: int
    missed: bool
    payload: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Of the timer, as runs are kept by it."""
        return f"timer#{self.tenant}#{self.kind}#{self.key}"


def fire(timer: Timer, now: datetime) -> Firing:
    late = now - timer.due
    return Firing(
        timer.tenant,
        timer.kind,
        timer.key,
        timer.due,
        max(0, int(late.total_seconds())),
        late > timer.grace,
        timer.payload,
    )


def firing_body(firing: Firing) -> str:
    """JSON, for the message."""
    return json.dumps({**vars(firing), "due": rfc3339(firing.due)}, separators=(",", ":"))


def parse_firing(body: str) -> Firing:
    """What `firing_body` wrote. Raises Invalid for anything else."""
    try:
        content = json.loads(body)
        firing = Firing(**{**content, "due": datetime.fromisoformat(content["due"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid.on("body", "not the message of a timer") from error
    if any(not isinstance(getattr(firing, name), kind) for name, kind in _TYPES.items()):
        raise Invalid.on("body", "not the message of a timer")
    return firing
