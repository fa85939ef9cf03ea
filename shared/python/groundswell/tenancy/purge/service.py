"""One round over the clients that are due. Bounded in time: the next round goes on where this one stopped.

Nothing has to be remembered for that. What is deleted is gone, so whoever asks again finds what is left; the client's
place in the queue goes last.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from groundswell.audit.model import SYSTEM, Entry
from groundswell.personal_data.port import ClientData
from groundswell.tenancy.clients.model import Client, ClientStatus
from groundswell.tenancy.purge.model import Due, Report, State


class PurgeStore(Protocol):
    def due(self, now: datetime) -> Iterator[Due]:
        """Those whose time is over, longest ago first."""
        ...

    def client(self, client_id: str) -> Client | None: ...

    def report(self, org_id: str, client_id: str) -> Report | None: ...

    def start(self, client: Client, report: Report, entry: Entry) -> Report:
        """The client is beyond restoring from here on. Raises PreconditionFailed if it was restored meanwhile."""
        ...

    def checkpoint(self, report: Report) -> Report: ...

    def finish(self, due: Due, report: Report, entry: Entry) -> None: ...

    def forget(self, due: Due) -> None:
        """There is nothing to purge."""
        ...


class PurgeService:
    def __init__(self, store: PurgeStore, features: Sequence[ClientData], now: Callable[[], datetime]) -> None:
        self._store = store
        self._features = features
        self._now = now

    def run(self, has_time_left: Callable[[], bool]) -> tuple[int, bool]:
        """(clients purged, whether all that are due). Stops when `has_time_left` says no."""
        done = 0
        for due in self._store.due(self._now()):
            if not has_time_left() or not self._purge(due, has_time_left):
                return done, False
            done += 1
        return done, True

    def _purge(self, due: Due, has_time_left: Callable[[], bool]) -> bool:
        report = self._begun(due)
        if report is None:
            self._store.forget(due)
            return True
        for feature in self._features:
            for number in feature.purge(due.client_id):
                if number:
                    report = self._store.checkpoint(report.with_deleted(feature.kind, number))
                if not has_time_left():
                    return False
        self._store.finish(due, report.finished(self._now()), _entry(report, "client.purged"))
        return True

    def _begun(self, due: Due) -> Report | None:
        """The report so far; None when the client is not there any more, or was restored."""
        client = self._store.client(due.client_id)
        if client is None or client.status is ClientStatus.ACTIVE:
            return None
        report = self._store.report(due.org_id, due.client_id)
        if report is not None:
            return report
        now = self._now()
        report = Report(client.org_id, client.id, client.name, State.RUNNING, client.deleted_at or now, now)
        return self._store.start(client.purged(now), report, _entry(report, "client.purge_started"))


def _entry(report: Report, action: str) -> Entry:
    counts = {kind: str(number) for kind, number in report.counts.items()}
    return Entry(report.org_id, action, SYSTEM, f"client:{report.client_id}", counts)
