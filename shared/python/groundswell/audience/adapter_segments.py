"""Segments, put together. A function that uses them has the tables `core` and `events`."""

from functools import cache

from groundswell.audience.adapter_wiring import lists, operations
from groundswell.audience.segments.adapter_events import LoggedEvents
from groundswell.audience.segments.service import SegmentService
from groundswell.audience.segments.store import DynamoSegmentStore
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import settings_service
from groundswell.leads.store import DynamoLeadStore
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


@cache
def segments() -> SegmentService:
    events = LoggedEvents(DynamoEventLog(dynamodb(), table_name("events")))
    return SegmentService(
        DynamoSegmentStore(), DynamoLeadStore(), lists(), settings_service(), events, operations(), utc_now, new_id
    )
