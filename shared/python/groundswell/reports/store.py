"""Saved reports, schedules, runs and share links in DynamoDB."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.reports.exports import Export
from groundswell.reports.items import (
    REPORT,
    SCHEDULE,
    SHARE,
    ExportItem,
    ReportItem,
    RunItem,
    ScheduleItem,
    ShareItem,
    export_item,
    exports_pk,
    report_item,
    reports_pk,
    run_item,
    runs_pk,
    schedule_item,
    share_item,
    share_sk,
)
from groundswell.reports.saved import Run, SavedReport, Schedule, Share
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, list_page
from groundswell.storage.transaction import Change, check_version, delete, put, write

TIMER = "report.run"
_AT_MOST = 500


class DynamoReportStore:
    def find(self, client_id: str, report_id: str) -> SavedReport | None:
        return find(SavedReport, ReportItem, reports_pk(client_id), f"{REPORT}{report_id}")

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[SavedReport]:
        """Oldest first."""
        return list_page(SavedReport, ReportItem, reports_pk(client_id), REPORT[:-1], limit, position, own_keys=True)

    def save(self, report: SavedReport, entry: Entry) -> SavedReport:
        """Raises PreconditionFailed if someone else wrote first."""
        return _saved(report, report_item(report), note(entry))

    def remove(self, report: SavedReport, entry: Entry) -> None:
        write([delete(report_item(report)), note(entry)])

    def schedules(self, client_id: str) -> tuple[Schedule, ...]:
        """Oldest first."""
        items = ScheduleItem.query(
            reports_pk(client_id), ScheduleItem.sk.startswith(SCHEDULE), consistent_read=True, limit=_AT_MOST
        )
        return tuple(from_item(Schedule, item) for item in items)

    def schedule(self, client_id: str, schedule_id: str) -> Schedule | None:
        return find(Schedule, ScheduleItem, reports_pk(client_id), f"{SCHEDULE}{schedule_id}")

    def save_schedule(self, schedule: Schedule, timer: Timer | None, entry: Entry) -> Schedule:
        timed = set_timer(timer) if timer else cancel_timer(schedule.client_id, TIMER, schedule.id)
        return _saved(schedule, schedule_item(schedule), timed, note(entry))

    def remove_schedule(self, schedule: Schedule, entry: Entry) -> None:
        timed = cancel_timer(schedule.client_id, TIMER, schedule.id)
        write([delete(schedule_item(schedule)), timed, note(entry)])

    def ran(
        self, schedule: Schedule, run: Run, shares: Sequence[Share], timer: Timer | None, mails: Sequence[Message]
    ) -> None:
        """The run with all its mails, its links and the next due time, or nothing. Raises PreconditionFailed where that
        due time was run already, or the schedule is another by now."""
        changes = [put(run_item(run)), check_version(*_place(schedule), schedule.version, PreconditionFailed())]
        changes += [set_timer(timer)] if timer else []
        changes += [put(share_item(share)) for share in shares]
        write(changes, mails)

    def run(self, client_id: str, run_id: str) -> Run | None:
        return find(Run, RunItem, runs_pk(client_id), run_id)

    def runs(self, client_id: str, schedule_id: str, limit: int, position: Position | None) -> Page[Run]:
        """Newest first."""
        return list_page(
            Run, RunItem, runs_pk(client_id), schedule_id, limit, position, newest_first=True, own_keys=True
        )

    def add_export(self, export: Export) -> None:
        write([put(export_item(export))])

    def exports(self, client_id: str, limit: int, position: Position | None) -> Page[Export]:
        """Newest first."""
        return list_page(
            Export, ExportItem, exports_pk(client_id), "", limit, position, newest_first=True, own_keys=True
        )

    def shares(self, client_id: str, report_id: str) -> tuple[Share, ...]:
        prefix = f"{SHARE}{report_id}#"
        items = ShareItem.query(
            reports_pk(client_id), ShareItem.sk.startswith(prefix), consistent_read=True, limit=_AT_MOST
        )
        return tuple(from_item(Share, item) for item in items)

    def share(self, client_id: str, report_id: str, share_id: str) -> Share | None:
        return find(Share, ShareItem, reports_pk(client_id), share_sk(report_id, share_id))

    def save_share(self, share: Share) -> Share:
        return _saved(share, share_item(share))

    def remove_share(self, share: Share) -> None:
        write([delete(share_item(share))])


def _place(schedule: Schedule) -> tuple[str, str]:
    return reports_pk(schedule.client_id), f"{SCHEDULE}{schedule.id}"


def _saved[M: Any](model: M, item: CoreItem, *others: Change) -> M:
    write([put(item), *others])
    written: M = replace(model, version=int(item.version or 0))
    return written
