"""Records points of custom metrics: events of a log of their own, counted and summed by the same machinery."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

import msgspec

from groundswell.analytics.questions.model import EVENTS, MetricPoint
from groundswell.events.eventlog.block import Block, encode, is_amount
from groundswell.events.eventlog.model import Event, Log, metric_log
from groundswell.events.eventlog.window import END_OF_TIME
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.events.rollups.repeats import Contended
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Invalid


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
        read what it wrote; where others commit at the same time, that is left to the consumer. Raises Invalid.
        """
        if point.name == EVENTS:
            raise Invalid.on("name", f"`{EVENTS}` counts events: choose another name")
        if not _fits(point.value):
            raise Invalid.on("value", "a decimal of at most 78 digits before and 30 after the point")
        if not 0 <= point.ts < END_OF_TIME:
            raise Invalid.on("ts", "must be between 1970 and 9999")
        log, received = metric_log(client_id), millis(self._now())
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


def _fits(value: Decimal) -> bool:
    """Looks at the exponent first: spelled out, `1E+999999999` would fill the memory."""
    return value.is_finite() and -30 <= value.adjusted() < 78 and is_amount(f"{value:f}")
