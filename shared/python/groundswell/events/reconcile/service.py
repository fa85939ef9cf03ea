"""One round over all logs. Bounded in time, and it goes on where the last one stopped, also within a log."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime

from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.reconcile.report import Report
from groundswell.events.reconcile.visit import Visit
from groundswell.events.rollups.committer import Committer
from groundswell.kernel.clock import millis

_STEPS_KEPT = 30  # what a worker that dies must do again: a quiet log has fewer, and writes down once how far it is


class ReconcileService:
    def __init__(self, store: EventLog, committer: Committer, now: Callable[[], datetime]) -> None:
        self._store = store
        self._committer = committer
        self._now = now

    def run(self, has_time_left: Callable[[], bool]) -> Report:
        """One round. Stops when `has_time_left` says no."""
        report = Report()
        for log in self._in_turn():
            if not has_time_left():
                report.finished = False
                break
            self._store.set_turn(log)  # first: a log that kills its worker must not be the first one for ever
            self._visit(log, report, has_time_left)
        return report

    def _in_turn(self) -> list[Log]:
        """Every log; first those behind the one that was looked at last."""
        logs, last = sorted(self._store.logs(), key=_order), self._store.turn()
        start = 0 if last is None else bisect_right(logs, _order(last), key=_order)
        return logs[start:] + logs[:start]

    def _visit(self, log: Log, report: Report, has_time_left: Callable[[], bool]) -> None:
        """At least one step, so that enough rounds get to the end."""
        visit = Visit(self._store, self._committer, log, millis(self._now()), report)
        kept = visit.progress
        for number, _ in enumerate(visit.steps(), 1):
            if not has_time_left():
                report.finished = False
                break
            if number % _STEPS_KEPT == 0:
                self._store.set_progress(log, kept := visit.progress)
        else:
            report.logs += 1
        if visit.progress != kept:
            self._store.set_progress(log, visit.progress)


def _order(log: Log) -> tuple[str, str]:
    return log.client_id, log.shard
