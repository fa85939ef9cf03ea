"""Circuits and rates that all processes share, in the ephemeral table. A call that is answered costs neither."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from groundswell.outbound.model import Rate
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_OPENS_AFTER = 5
_OPEN_SECONDS = 30.0
_OPEN_SECONDS_AT_MOST = 300.0
_REMEMBERED = 10_000


@dataclass
class _Host:
    """What this process knows of one: failures in a row, and until when nobody should call."""

    failures: int = 0
    open_until: float = 0.0


class DynamoCircuits:
    """Opened by five failures in a row of one process. Others learn of it at their own first failure, by one read:
    so nobody pays for hosts that answer. When the time is over, the next call tries again."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._hosts: dict[str, _Host] = {}

    def open_for(self, name: str) -> float:
        host = self._hosts.get(name)
        return max(0.0, host.open_until - self._time()) if host else 0.0

    def failed(self, name: str) -> None:
        if len(self._hosts) > _REMEMBERED:
            self._hosts.clear()
        host = self._hosts.setdefault(name, _Host())
        host.failures += 1
        if host.failures >= _OPENS_AFTER:
            longer = _OPEN_SECONDS * 2 ** min(host.failures - _OPENS_AFTER, 10)
            host.open_until = self._time() + min(longer, _OPEN_SECONDS_AT_MOST)
            self._write(name, host)
        elif host.failures == 1:
            host.open_until = self._read(name)

    def succeeded(self, name: str) -> None:
        self._hosts.pop(name, None)

    def _write(self, name: str, host: _Host) -> None:
        dynamodb().put_item(
            TableName=table_name("ephemeral"),
            Item={
                **_key("CIRCUIT", name, "STATE"),
                "open_until": {"N": f"{host.open_until:.3f}"},
                "expires_at": {"N": str(int(host.open_until) + 1)},
            },
        )

    def _read(self, name: str) -> float:
        answer = dynamodb().get_item(TableName=table_name("ephemeral"), Key=_key("CIRCUIT", name, "STATE"))
        return float(answer["Item"]["open_until"]["N"]) if "Item" in answer else 0.0

    def _time(self) -> float:
        return self._now().timestamp()


@dataclass
class _Share:
    """Calls that this process took of a window and has not made, and those that it made unasked. Of a window that is
    used up: none."""

    window: int
    left: int = 0
    unasked: int = 0
    first: bool = True
    used_up: bool = False


class DynamoBuckets:
    """Windows that begin at whole multiples of their length. One write a chunk; none once a window is used up, nor for
    calls on credit."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._shares: dict[str, _Share] = {}

    def take(self, name: str, rate: Rate) -> float:
        time = self._now().timestamp()
        window = int(time // rate.seconds)
        share = self._share(name, window)
        if share.left == 0 and not share.used_up:
            if share.unasked < rate.credit:
                share.unasked += 1
                return 0.0
            share.left = self._reserve(name, rate, window, owed=share.unasked if share.first else 0)
            share.used_up, share.first = share.left == 0, False
        if share.left:
            share.left -= 1
            return 0.0
        return (window + 1) * rate.seconds - time

    def _share(self, name: str, window: int) -> _Share:
        if len(self._shares) > _REMEMBERED:
            self._shares.clear()
        share = self._shares.get(name)
        if share is None or share.window != window:
            share = self._shares[name] = _Share(window)
        return share

    def _reserve(self, name: str, rate: Rate, window: int, owed: int) -> int:
        """How many calls are ours beside those that are `owed`: a chunk, one where no chunk is left, or none."""
        for wanted in sorted({rate.chunk, 1}, reverse=True):
            try:
                dynamodb().update_item(
                    TableName=table_name("ephemeral"),
                    Key=_key("RATE", name, str(window)),
                    UpdateExpression="ADD taken :wanted SET expires_at = :expires",
                    ConditionExpression="attribute_not_exists(taken) OR taken <= :room",
                    ExpressionAttributeValues={
                        ":wanted": {"N": str(wanted + owed)},
                        ":room": {"N": str(rate.calls - wanted - owed)},
                        ":expires": {"N": str((window + 2) * rate.seconds)},
                    },
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
            else:
                return wanted
        return 0


def _key(kind: str, name: str, sort: str) -> dict[str, Any]:
    return {"pk": {"S": f"OUTBOUND#{kind}#{name}"}, "sk": {"S": sort}}
