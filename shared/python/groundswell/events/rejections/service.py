"""What is asked about rejected events: which they were, and how many."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from groundswell.events.rejections.model import Rejected, Search, Tallied, TooMany, hour_of
from groundswell.kernel.clock import millis
from groundswell.kernel.page import Page, Position

_BATCHES_A_PAGE = 500
_BATCHES_COUNTED = 100_000


class VerdictStore(Protocol):
    def batches(self, client_id: str, search: Search, before: str | None) -> Iterator[tuple[str, list[Rejected]]]:
        """The batches received in that time, newest first, by key; from the batch `before` on, itself included."""
        ...

    def counts(self, client_id: str, search: Search) -> Iterator[tuple[int, dict[str, int]]]:
        """When each batch was received, and how many events of it were rejected by code."""
        ...


class VerdictService:
    def __init__(self, store: VerdictStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def rejected(
        self,
        client_id: str,
        start: int | None,
        end: int | None,
        code: str | None,
        limit: int,
        position: Position | None = None,
        key_id: str | None = None,
    ) -> Page[Rejected]:
        """Newest batch first, within a batch by index. A page may be short, with more to come, where few match.
        `key_id`: only what came with that API key.

        Raises Invalid.
        """
        search = Search.within(self._clock(), start, end, code, key_id)
        before, done = (str(position["sk"]), int(position["done"])) if position else (None, 0)
        rejections: list[Rejected] = []
        for read, (sk, batch) in enumerate(self._store.batches(client_id, search, before)):
            for place, message in enumerate(batch):
                if (sk == before and place < done) or search.code not in (None, message.code):
                    continue
                if len(rejections) == limit:
                    return Page(tuple(rejections), {"sk": sk, "done": place})
                rejections.append(message)
            if read + 1 == _BATCHES_A_PAGE:
                return Page(tuple(rejections), {"sk": sk, "done": len(batch)})
        return Page(tuple(rejections))

    def summary(self, client_id: str, start: int | None, end: int | None) -> list[Tallied]:
        """By hour and code, newest hour first. Raises Invalid, TooMany."""
        search, counted = Search.within(self._clock(), start, end), Counter[tuple[int, str]]()
        for read, (received, counts) in enumerate(self._store.counts(client_id, search)):
            if read == _BATCHES_COUNTED:
                raise TooMany
            for code, count in counts.items():
                counted[hour_of(received), code] += count
        ordered = sorted(counted.items(), key=lambda pair: (-pair[0][0], pair[0][1]))
        return [Tallied(hour, code, count) for (hour, code), count in ordered]

    def _clock(self) -> int:
        return millis(self._now())
