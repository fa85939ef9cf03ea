"""Fixed windows on atomic counters, keyed by operation and caller. A window opens at its first call.

One UpdateItem a call while the window is open; a second one opens the next window.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from botocore.exceptions import ClientError

from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Quota, RateLimited
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

type Subject = Literal["ip", "user", "email", "key"]
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class RateLimit:
    """`calls` in `window` seconds `by` the caller's address, the signed-in user, or the e-mail asked about."""

    operation: str
    calls: int
    window: int
    by: Subject

    @property
    def document(self) -> dict[str, int | str]:
        """How OpenAPI shows it, as `x-rate-limit`."""
        return {"limit": self.calls, "window_seconds": self.window, "by": self.by}


def limits_are_on() -> bool:
    """The local stage can lift limits for load tests (`--rate-limits off`); a deployed stage never does."""
    return os.environ.get("RATE_LIMITS", "on") != "off"


class RateLimiter:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def take(self, limit: RateLimit, subject: str) -> Quota:
        """Count one call. Raises RateLimited when the window is used up; a refused call is not counted."""
        now = millis(self._now())
        state = self._count(limit, subject, now)
        if state is None:
            state = self._open(limit, subject, now) or self._count(limit, subject, now)
        if state is None:
            ends = self._window_end(limit, subject) or now
            raise RateLimited(self._quota(limit, limit.calls, ends, now))
        return self._quota(limit, state[0], state[1], now)

    def _count(self, limit: RateLimit, subject: str, now: int) -> tuple[int, int] | None:
        """(calls, end of window in ms) after counting in the open window; None when there is none or it is full."""
        return self._update(
            limit,
            subject,
            "ADD calls :one",
            "window_ends > :now AND calls < :limit",
            {":one": {"N": "1"}, ":now": {"N": str(now)}, ":limit": {"N": str(limit.calls)}},
        )

    def _open(self, limit: RateLimit, subject: str, now: int) -> tuple[int, int] | None:
        """Start a window with this call; None when one is open (someone else was faster, or it is full)."""
        ends = now + limit.window * 1000
        return self._update(
            limit,
            subject,
            "SET calls = :one, window_ends = :ends, expires_at = :expires",
            "attribute_not_exists(pk) OR window_ends <= :now",
            {
                ":one": {"N": "1"},
                ":now": {"N": str(now)},
                ":ends": {"N": str(ends)},
                ":expires": {"N": str(ends // 1000 + DAY)},
            },
        )

    def _update(
        self, limit: RateLimit, subject: str, update: str, condition: str, values: dict[str, dict[str, str]]
    ) -> tuple[int, int] | None:
        try:
            answer = dynamodb().update_item(
                TableName=table_name("ephemeral"),
                Key=_key(limit, subject),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise
        return int(answer["Attributes"]["calls"]["N"]), int(answer["Attributes"]["window_ends"]["N"])

    def _window_end(self, limit: RateLimit, subject: str) -> int | None:
        answer = dynamodb().get_item(TableName=table_name("ephemeral"), Key=_key(limit, subject), ConsistentRead=True)
        return int(answer["Item"]["window_ends"]["N"]) if "Item" in answer else None

    @staticmethod
    def _quota(limit: RateLimit, calls: int, ends: int, now: int) -> Quota:
        reset = max(0, -(-(ends - now) // 1000))
        return Quota(limit.operation, limit.calls, limit.window, max(0, limit.calls - calls), reset)


def _key(limit: RateLimit, subject: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"LIMIT#{limit.operation}#{limit.by}#{subject}"}, "sk": {"S": "WINDOW"}}
