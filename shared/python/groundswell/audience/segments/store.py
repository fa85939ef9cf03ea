"""Segments in the core table: `AUDIENCESEGMENTS#<client>`, `<segment>`; their timers, and the lists that they need."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audience.segments.model import Rule, Segment
from groundswell.audience.store import release, use, uses
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.page import Page, Position
from groundswell.leads.store import DynamoLeadStore
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.schedules.timers import Timer
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item
from groundswell.storage.reading import find, list_page
from groundswell.storage.transaction import Change, delete_row, put, write

TIMER = "segment.refresh"
EVERY = timedelta(hours=1)
QUEUE = "audience"


class SegmentItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    name = UnicodeAttribute()
    match = UnicodeAttribute()
    rules = JSONAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    description = UnicodeAttribute(null=True)
    refreshed_at = UTCDateTimeAttribute(null=True)
    deleted_at = UTCDateTimeAttribute(null=True)


def segments_pk(client_id: str) -> str:
    return f"AUDIENCESEGMENTS#{client_id}"


class DynamoSegmentStore:
    def find(self, client_id: str, segment_id: str) -> Segment | None:
        return find(Segment, SegmentItem, segments_pk(client_id), segment_id)

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Segment]:
        return list_page(Segment, SegmentItem, segments_pk(client_id), "", limit, position, own_keys=True)

    def save(self, before: Segment | None, after: Segment, noted: Entry | None) -> Segment:
        """With the timer that refreshes it while time alone changes who is in it, and the lists that it needs."""
        trail = [note(noted)] if noted else []
        write([put(_item(after)), *_uses(before, after), *_timer(after), *trail])
        return replace(after, version=after.version + 1)

    def drop(self, segment: Segment) -> None:
        """Whatever its version."""
        key = {"pk": {"S": segments_pk(segment.client_id)}, "sk": {"S": segment.id}}
        write([delete_row("core", key), cancel_timer(segment.client_id, TIMER, segment.id)])

    def again(self, segment: Segment, due: datetime) -> None:
        """Refresh it then."""
        write([set_timer(Timer(segment.client_id, TIMER, segment.id, due, QUEUE))])

    def sizes(self, client_id: str, segment_ids: Sequence[str]) -> Mapping[str, int]:
        totals = DynamoLeadStore().totals(client_id, [f"segment={segment_id}" for segment_id in segment_ids])
        return {segment_id: totals.get(f"segment={segment_id}", 0) for segment_id in segment_ids}

    def used_by(self, client_id: str, segment_id: str) -> Sequence[Mapping[str, str]]:
        return uses(client_id, segment_id)


def _item(segment: Segment) -> SegmentItem:
    return to_item(SegmentItem, segment, segments_pk(segment.client_id), segment.id, kind="audience_segment")


def _uses(before: Segment | None, after: Segment) -> list[Change]:
    old = before.lists if before else frozenset[str]()
    new = frozenset[str]() if after.deleted_at else after.lists
    gone = [release(after.client_id, list_id, "segment", after.id) for list_id in sorted(old - new)]
    return [*gone, *(use(after.client_id, list_id, "segment", after.id) for list_id in sorted(new - old))]


def _timer(segment: Segment) -> list[Change]:
    if segment.passes and not segment.deleted_at:
        return [set_timer(Timer(segment.client_id, TIMER, segment.id, segment.updated_at + EVERY, QUEUE))]
    return [cancel_timer(segment.client_id, TIMER, segment.id)]


def rules_of(rules: Sequence[Rule]) -> list[Mapping[str, object]]:
    """As they are kept and shown: without what is not said."""
    return [{name: value for name, value in vars(rule).items() if value is not None} for rule in rules]
