"""How reports are stored, all in the core table.

| pk | sk | what |
|---|---|---|
| `REPORTS#<client>` | `REPORT#<id>` | saved report |
| `REPORTS#<client>` | `SCHEDULE#<id>` | schedule |
| `REPORTS#<client>` | `SHARE#<report>#<id>` | share link |
| `REPORT_RUNS#<client>` | `<schedule>#<due>` | run; kept for 400 days |
| `REPORT_EXPORTS#<client>` | `<id>` | file that was made; kept for 400 days |
"""

from datetime import timedelta

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from groundswell.reports.exports import Export
from groundswell.reports.saved import Run, SavedReport, Schedule, Share
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item

REPORT, SCHEDULE, SHARE = "REPORT#", "SCHEDULE#", "SHARE#"
_KEPT = timedelta(days=400)


def reports_pk(client_id: str) -> str:
    return f"REPORTS#{client_id}"


def runs_pk(client_id: str) -> str:
    return f"REPORT_RUNS#{client_id}"


def exports_pk(client_id: str) -> str:
    return f"REPORT_EXPORTS#{client_id}"


def share_sk(report_id: str, share_id: str) -> str:
    return f"{SHARE}{report_id}#{share_id}"


class _Made(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()


class ReportItem(_Made):
    name = UnicodeAttribute()
    definition = JSONAttribute()


class ScheduleItem(_Made):
    org_id = UnicodeAttribute()
    report_id = UnicodeAttribute()
    cron = UnicodeAttribute()
    timezone = UnicodeAttribute()
    recipients = ListAttribute(of=UnicodeAttribute, default=list)
    format = UnicodeAttribute()
    skip_if_empty = BooleanAttribute()
    paused = BooleanAttribute()
    own_rows = JSONAttribute(default=dict)
    saved_by = UnicodeAttribute(null=True)


class ShareItem(_Made):
    report_id = UnicodeAttribute()
    ends_at = UTCDateTimeAttribute()
    timezone = UnicodeAttribute()
    start = UnicodeAttribute(null=True)
    end = UnicodeAttribute(null=True)
    filters = JSONAttribute(default=dict)


class RunItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    schedule_id = UnicodeAttribute()
    report_id = UnicodeAttribute()
    due = UTCDateTimeAttribute()
    ran_at = UTCDateTimeAttribute()
    status = UnicodeAttribute()
    recipients = NumberAttribute()
    url = UnicodeAttribute(null=True)
    error = UnicodeAttribute(null=True)
    by = UnicodeAttribute()


class ExportItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    name = UnicodeAttribute()
    format = UnicodeAttribute()
    rows = NumberAttribute()
    by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    report_id = UnicodeAttribute(null=True)
    bytes = NumberAttribute(null=True)
    operation_id = UnicodeAttribute(null=True)


def export_item(export: Export) -> ExportItem:
    expires = int((export.created_at + _KEPT).timestamp())
    pk = exports_pk(export.client_id)
    return to_item(ExportItem, export, pk, export.id, kind="report_export", expires_at=expires)


def report_item(report: SavedReport) -> ReportItem:
    return to_item(ReportItem, report, reports_pk(report.client_id), f"{REPORT}{report.id}", kind="report")


def schedule_item(schedule: Schedule) -> ScheduleItem:
    sk = f"{SCHEDULE}{schedule.id}"
    return to_item(ScheduleItem, schedule, reports_pk(schedule.client_id), sk, kind="report_schedule")


def share_item(share: Share) -> ShareItem:
    sk = share_sk(share.report_id, share.id)
    return to_item(ShareItem, share, reports_pk(share.client_id), sk, kind="report_share")


def run_item(run: Run) -> RunItem:
    expires = int((run.ran_at + _KEPT).timestamp())
    return to_item(RunItem, run, runs_pk(run.client_id), run.id, kind="report_run", expires_at=expires)
