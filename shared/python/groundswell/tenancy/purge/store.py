"""Purges in the core table: reports at `PURGES#<org>`, `<client>`; what is due: `clients.items.PurgeItem`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.page import Page, Position
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.transaction import delete, put, write
from groundswell.tenancy.clients.items import PurgeItem, client_item
from groundswell.tenancy.clients.model import Client
from groundswell.tenancy.clients.store import DynamoClientStore
from groundswell.tenancy.purge.model import Due, Report

_KEPT = timedelta(days=400)


class ReportItem(CoreItem):
    org_id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    client_name = UnicodeAttribute()
    state = UnicodeAttribute()
    deleted_at = UTCDateTimeAttribute()
    started_at = UTCDateTimeAttribute()
    finished_at = UTCDateTimeAttribute(null=True)
    counts = JSONAttribute()


def report_item(report: Report) -> ReportItem:
    expires = int((report.started_at + _KEPT).timestamp())
    keys = f"PURGES#{report.org_id}", report.client_id
    return to_item(ReportItem, report, *keys, kind="purge_report", expires_at=expires)


class DynamoPurgeStore:
    def due(self, now: datetime) -> Iterator[Due]:
        # "~" is above every character of a key: whatever is due at this second is in the range.
        last = f"{now.isoformat(timespec='seconds')}~"
        for item in PurgeItem.query("PURGE", PurgeItem.sk <= last, consistent_read=True):
            yield Due(item.sk, item.client_id, item.org_id)

    def client(self, client_id: str) -> Client | None:
        return DynamoClientStore().find(client_id)

    def report(self, org_id: str, client_id: str) -> Report | None:
        try:
            return from_item(Report, ReportItem.get(f"PURGES#{org_id}", client_id, consistent_read=True))
        except ReportItem.DoesNotExist:
            return None

    def reports(self, org_id: str, limit: int, position: Position | None) -> Page[Report]:
        after = ReportItem.sk > str(position["client_id"]) if position else None
        items = list(ReportItem.query(f"PURGES#{org_id}", after, limit=limit + 1))
        reports = tuple(from_item(Report, item) for item in items[:limit])
        return Page(reports, {"client_id": reports[-1].client_id} if len(items) > limit else None)

    def start(self, client: Client, report: Report, entry: Entry) -> Report:
        item = report_item(report)
        write([put(client_item(client)), put(item), note(entry)])
        return replace(report, version=item.version)

    def checkpoint(self, report: Report) -> Report:
        item = report_item(report)
        write([put(item)])
        return replace(report, version=item.version)

    def finish(self, due: Due, report: Report, entry: Entry) -> None:
        write([put(report_item(report)), delete(_waiting(due)), note(entry)])

    def forget(self, due: Due) -> None:
        write([delete(_waiting(due))])


def _waiting(due: Due) -> PurgeItem:
    item = PurgeItem("PURGE", due.key)
    item.version = 1
    return item
