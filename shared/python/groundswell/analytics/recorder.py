"""Records points of custom metrics: events of a log of their own, counted and summed by the same machinery."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from groundswell.analytics.model import MetricPoint
from groundswell.eventlog.block import Block, encode
from groundswell.eventlog.model import Event, Log, metric_log
from groundswell.rollups.committer import Committer, Contended
from groundswell.rollups.judge import Incoming


class BlockWriter(Protocol):
    def append(self, log: Log, blocks: Sequence[bytes], received: int) -> list[str]:
        """The new blocks' sort keys."""
        ...


class MetricRecorder:
    def __init__(self, writer: BlockWriter, committer: Committer, now: Callable[[], datetime]) -> None:
        self._writer = writer
        self._committer = committer
        self._now = now

    def record(self, client_id: str, point: MetricPoint) -> None:
        """A point with an id that was recorded in the last seven days changes nothing.

        The block alone is enough: the stream's consumer would commit it. Committing it here as well lets the caller
        read what it wrote; where others commit at the same time, that is left to the consumer.
        """
        log, received = metric_log(client_id), int(self._now().timestamp() * 1000)
        event = Event(
            id=point.id,
            kind="metric",
            name=point.name,
            ts=point.ts,
            value=f"{point.value:f}",
            properties=b"" if point.dimensions == b"{}" else point.dimensions,
            source=msgspec.json.encode({"protocol": "api"}),
        )
        data = encode([event], received)
        (sk,) = self._writer.append(log, [data], received)
        try:
            self._committer.commit(log, [Incoming(sk, Block(data))])
        except Contended:
            return
