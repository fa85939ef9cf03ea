"""Kept answers as objects, which an erasure deletes with all other answers of its client."""

from collections.abc import Callable
from datetime import UTC, datetime
from gzip import compress, decompress
from hashlib import sha256
from typing import Any

import msgspec

from groundswell.analytics.engine.keeping import KEPT_FOR, Kept
from groundswell.analytics.questions.kept import Objects
from groundswell.kernel.clock import millis, spelled
from groundswell.observability.metrics import metric

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(Kept)


class ObjectAnswers:
    def __init__(self, objects: Objects, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._now = now

    def find(self, client_id: str, question: str) -> Kept | None:
        stored = self._objects.get(_name(client_id, question))
        kept = _decoder.decode(decompress(stored[0])) if stored else None
        if kept is not None and datetime.fromtimestamp(kept.at / 1000, UTC) + KEPT_FOR <= self._now():
            metric("AnswerCacheEvictions", 1)
            return None
        return kept

    def put(self, client_id: str, question: str, state: str, answer: dict[str, Any]) -> None:
        entry = {"state": state, "at": millis(self._now()), "answer": answer}
        self._objects.put(_name(client_id, question), compress(_encoder.encode(entry), 6, mtime=0))

    def drop(self, client_id: str, question: str) -> None:
        self._objects.delete([_name(client_id, question)])

    def used(self, kept: Kept) -> dict[str, Any]:
        metric("AnswerCacheHits", 1)
        return kept.answer | {"cached_at": spelled(kept.at)}

    def missed(self, kept: Kept | None) -> None:
        metric("AnswerCacheMisses", 1)
        if kept is not None:
            metric("AnswerCacheEvictions", 1)


def _name(client_id: str, question: str) -> str:
    return f"{client_id}/kept/{sha256(question.encode()).hexdigest()}.json.gz"
