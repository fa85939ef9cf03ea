"""A gateway that is a nuisance: of every seven batches one is answered 429, one 503, and one arrives twice."""

import gzip
import re
from base64 import b64decode
from collections import Counter

from tests.bridge import CORS, Bridge

EVERY = 7
_ID = re.compile(rb'"(?:messageId|message_id|uuid)":"([^"]+)"')


class Nuisance(Bridge):
    """A batch is known by the first id in it, and troubled the first time only: every SDK gives up some time.

    A 503 comes after the work, so that what is sent again is a duplicate. So does a 429 if `late`; else before it.
    """

    def __init__(self, api, *, late: bool = False) -> None:
        super().__init__(api)
        self.late = late
        self.done = Counter[str]()
        self.owed = set[bytes]()
        """Batches whose answer made the SDK believe that they are lost, and which it has not sent again."""
        self._seen = set[bytes]()

    def answer(self, event: dict) -> dict:
        with self._lock:
            batch = self._batch(event)
            if batch is None:
                return self.api.raw(event)
            self.owed.discard(batch)
            if batch in self._seen:
                self.done["again"] += 1
                return self.api.raw(event)
            self._seen.add(batch)
            return self._first(event, batch, len(self._seen) % EVERY)

    def _first(self, event: dict, batch: bytes, turn: int) -> dict:
        if turn == 2:
            self.done["429"] += 1
            if self.late:
                self.api.raw(event)
            else:
                self.owed.add(batch)
            return {"statusCode": 429, "headers": {"retry-after": "0", **CORS}, "body": "{}"}
        reply = self.api.raw(event)
        if turn == 4:
            self.done["503"] += 1
            self.owed.add(batch)
            return {"statusCode": 503, "headers": CORS, "body": "{}"}
        if turn == 6:
            self.done["twice"] += 1
            return self.api.raw(event)
        return reply

    def _batch(self, event: dict) -> bytes | None:
        """None of what asks for a document, and of preflights."""
        body = b64decode(event["body"])
        match = _ID.search(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
        return match[1] if match else None
