"""Refreshing a segment: as an operation when it was made or changed, and by its timer every hour while it has to be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.audience.segments.keeping import Refresher
from groundswell.audience.segments.model import Segment
from groundswell.audience.segments.rules import Counts
from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.operations.model import Operation


class Segments(Protocol):
    def find(self, client_id: str, segment_id: str) -> Segment | None: ...

    def save(self, before: Segment | None, after: Segment, noted: Entry | None) -> Segment: ...

    def drop(self, segment: Segment) -> None: ...

    def again(self, segment: Segment, due: datetime) -> None: ...


class RefreshJob:
    def __init__(self, segments: Segments, refresher: Refresher, now: Callable[[], datetime]) -> None:
        self._segments = segments
        self._refresher = refresher
        self._now = now
        self._counted: tuple[str, int, Counts] | None = None

    def step(self, operation: Operation) -> Operation:
        segment = self._segments.find(operation.client_id, str(operation.state["segment_id"]))
        changed, leads = int(operation.state.get("changed", 0)), int(operation.state.get("leads", 0))
        if segment is None or (segment.deleted_at and not operation.state.get("delete")):
            return operation.succeeded({"changed": changed, "leads": leads})
        if operation.state.get("delete"):
            if segment.deleted_at is None:  # whoever asked died before saying so
                segment = self._segments.save(segment, replace(segment, deleted_at=self._now()), None)
            return self._emptied(operation, segment, changed)
        done = self._refresher.refresh_page(
            segment, self._counts(operation.id, segment), operation.state.get("position")
        )
        changed, leads = changed + done.changed, leads + done.leads
        if done.next:
            return operation.at(50, position=dict(done.next), changed=changed, leads=leads)
        note_refreshed(self._segments, segment, self._now())
        return operation.succeeded({"segment_id": segment.id, "changed": changed, "leads": leads})

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {name: str(value) for name, value in (operation.result or {}).items()}

    def _emptied(self, operation: Operation, segment: Segment, changed: int) -> Operation:
        removed = self._refresher.empty(segment)
        if removed:
            return operation.at(50, changed=changed + removed)
        self._segments.drop(segment)
        return operation.succeeded({"segment_id": segment.id, "changed": changed, "leads": changed})

    def _counts(self, operation_id: str, segment: Segment) -> Counts:
        """Taken once by each worker."""
        if self._counted is None or self._counted[:2] != (operation_id, segment.version):
            self._counted = (operation_id, segment.version, self._refresher.counts(segment))
        return self._counted[2]


class HourlyRefresh:
    def __init__(self, segments: Segments, refresher: Refresher, now: Callable[[], datetime], every: timedelta) -> None:
        self._segments = segments
        self._refresher = refresher
        self._now = now
        self._every = every

    def fire(self, client_id: str, segment_id: str) -> None:
        """The next time is set first: a worker that dies leaves it to that."""
        segment = self._segments.find(client_id, segment_id)
        if segment is None or segment.deleted_at or not segment.passes:
            return None
        self._segments.again(segment, self._now() + self._every)
        counts, position = self._refresher.counts(segment), None
        while True:
            done = self._refresher.refresh_page(segment, counts, position)
            if (position := done.next) is None:
                return note_refreshed(self._segments, segment, self._now())


def note_refreshed(segments: Segments, segment: Segment, now: datetime) -> None:
    """Unless it was changed meanwhile: whoever did refreshes it again."""
    try:
        segments.save(segment, replace(segment, refreshed_at=now), None)
    except PreconditionFailed:
        return
