"""Suppression lists by client, for workers: as fresh as an API key's is elsewhere."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

from groundswell.events.suppressions.keys import LIST, partition
from groundswell.kernel.errors import Outage, Unavailable
from groundswell.personal_data.identifiers import SIZE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TOGETHER = 40  # lists of up to 320 KB: an answer has 16 MB
_ATTEMPTS = 8
_REMEMBERED = 1_000


class SuppressionLists:
    """One call for the lists that are not known, or not fresh any more."""

    def __init__(self, client: "DynamoDBClient", table: str, now: Callable[[], datetime], fresh_for: timedelta) -> None:
        self._client = client
        self._table = table
        self._now = now
        self._fresh_for = fresh_for
        self._known: dict[str, tuple[datetime, frozenset[bytes]]] = {}

    def suppressed(self, client_ids: Iterable[str]) -> dict[str, frozenset[bytes]]:
        """The digests of whom each client does not want. Raises Unavailable."""
        now, wanted = self._now(), set(client_ids)
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        stale = [
            client_id
            for client_id in wanted
            if client_id not in self._known or now - self._known[client_id][0] >= self._fresh_for
        ]
        for batch in batched(stale, _TOGETHER, strict=False):
            digests = self._read(batch)
            self._known |= {message: (now, digests.get(partition(message), frozenset())) for message in batch}
        return {client_id: self._known[client_id][1] for client_id in wanted}

    def _read(self, client_ids: Iterable[str]) -> dict[str, frozenset[bytes]]:
        keys: list[Any] = [{"pk": {"S": partition(client_id)}, "sk": {"S": LIST}} for client_id in client_ids]
        digests: dict[str, frozenset[bytes]] = {}
        for attempt in range(_ATTEMPTS):
            reply: Any = self._client.batch_get_item(RequestItems={self._table: {"Keys": keys}})
            for item in reply["Responses"].get(self._table, ()):
                raw = item["digests"]["B"]
                digests[item["pk"]["S"]] = frozenset(raw[at : at + SIZE] for at in range(0, len(raw), SIZE))
            keys = list(reply.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", ()))
            if not keys:
                return digests
            time.sleep(0.05 * 2**attempt)
        raise Unavailable(Outage("The suppression lists"))
