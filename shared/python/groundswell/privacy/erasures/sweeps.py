"""The part of an erasure that is about the log: some blocks a step, counted before their events are erased.

A person's blocks are known from the index of people, as far as reconcile has made sure that every block is either named
by a commit or holds nothing; younger blocks are looked at one by one. So the work follows the person's data and the
last hour's traffic. A time's events lie in blocks that were received later: a clock is at most a day ahead.
"""

from collections.abc import Iterator, Sequence
from itertools import batched, islice
from typing import Any

from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Target
from groundswell.events.eventlog import keys
from groundswell.events.eventlog.model import DAY, Log, event_log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.snapshot import take
from groundswell.events.people.resolution import blocks_at
from groundswell.operations.model import Operation
from groundswell.personal_data.identifiers import Identifier

_LOADED = 50
_LOOKED_AT = 20  # loads a step
_GROUP = 5  # blocks a commit: their tallies fit one item
_END = "B~"
_COUNTS = ("erased", "repeats", "blocks", "looked_at")


class Sweeps:
    def __init__(self, store: EventLog, eraser: Eraser) -> None:
        self._store = store
        self._eraser = eraser

    def step(self, operation: Operation, target: Target, known: Sequence[Identifier]) -> Operation | None:
        """Erase what was planned; else plan what comes next. None if there is nothing after it; `since` is in the
        operation's state, and moves."""
        log, plan = event_log(operation.client_id), operation.state.get("plan")
        if plan:
            self._erase(log, plan["blocks"], target)
            return operation.at(50, since=plan["end"], plan=None, **_further(operation, plan["counts"]))
        return self._planned(operation, log, target, known)

    def _erase(self, log: Log, sks: Sequence[str], target: Target) -> None:
        matches = find(sorted(self._store.blocks(log, sks).items()), target)
        for group in batched(matches, _GROUP, strict=False):
            self._eraser.erase(log, group, target)

    def _planned(self, operation: Operation, log: Log, target: Target, known: Sequence[Identifier]) -> Operation | None:
        since = start = operation.state["since"]
        looked_at = 0
        loads = batched(self._candidates(log, start, known), _LOADED, strict=False)
        for batch in islice(loads, _LOOKED_AT):
            since, looked_at = batch[-1][0] + "!", looked_at + len(batch)
            matches, counted = self._eraser.look(log, find(batch, target), target)
            if matches:
                named = sum(len(match.erased) for match in matches)
                counts = {"erased": counted, "repeats": named - counted, "blocks": len(matches), "looked_at": looked_at}
                plan = {"end": since, "blocks": [match.sk for match in matches], "counts": counts}
                return operation.at(30, plan=plan)
        if since == start:
            return None
        return operation.at(30, since=since, **_further(operation, {"looked_at": looked_at}))

    def _candidates(self, log: Log, since: str, known: Sequence[Identifier]) -> Iterator[tuple[str, bytes]]:
        """Every block from `since` on that may be concerned, and the younger ones, in order. `known` is empty for a
        time: then all of them."""
        progress = self._store.progress(log)
        settled = progress.sk if known and not progress.lost else since
        if since < settled:
            spots = blocks_at(self._store, [take(self._store, log)], known)[log]
            for batch in batched(sorted(sk for sk in spots if since <= sk < settled), _LOADED, strict=False):
                yield from sorted(self._store.blocks(log, batch).items())
        yield from self._store.blocks_between(log, max(since, settled), _END)


def beginning(start: int) -> str:
    """Where the blocks begin that may have an event of that time (ms) or later."""
    return keys.blocks_from(max(0, start - DAY))


def _further(operation: Operation, more: dict[str, int]) -> dict[str, Any]:
    totals = operation.state.get("swept", {})
    return {"swept": {name: totals.get(name, 0) + more.get(name, 0) for name in _COUNTS}}
