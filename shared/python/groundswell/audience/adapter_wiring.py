"""The audience, put together for whoever needs it.

A function that uses it has the table `core`, and the setting PUBLIC_URL and the secret `links` where it adds members to
lists or lets them confirm; the table `events` where audiences may have cohorts.
"""

import os
from functools import cache

from groundswell.audience.adapter_opt_outs import DynamoOptOutStore
from groundswell.audience.adapter_recipients import StoredAudiences
from groundswell.audience.exports.store import S3LeadFiles
from groundswell.audience.files import FileLinks
from groundswell.audience.imports.service import ImportService
from groundswell.audience.imports.store import S3ImportFiles
from groundswell.audience.lists import ListService
from groundswell.audience.members import MemberService
from groundswell.audience.opt_outs import OptOutService
from groundswell.audience.segments.adapter_events import LoggedEvents
from groundswell.audience.segments.service import SegmentService
from groundswell.audience.segments.store import DynamoSegmentStore
from groundswell.audience.service import AudienceService
from groundswell.audience.store import DynamoListStore, DynamoMemberStore
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.people.service import PeopleService
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.store import DynamoLeadStore
from groundswell.links.adapter_wiring import links
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.storage.client import dynamodb, s3
from groundswell.storage.settings import table_name

QUEUE = "audience"


@cache
def audience() -> AudienceService:
    people = PeopleService(DynamoEventLog(dynamodb(), table_name("events")))
    return AudienceService(StoredAudiences(people), opt_outs())


@cache
def opt_outs() -> OptOutService:
    return OptOutService(DynamoOptOutStore(), utc_now)


@cache
def lists() -> ListService:
    return ListService(DynamoListStore(), operations(), utc_now, new_id)


@cache
def members() -> MemberService:
    return MemberService(DynamoMemberStore(), lists(), opt_outs(), links(), public_address, utc_now, new_id)


@cache
def operations() -> OperationService:
    return OperationService(DynamoOperationStore(QUEUE), utc_now, new_id)


@cache
def segments() -> SegmentService:
    events = LoggedEvents(DynamoEventLog(dynamodb(), table_name("events")))
    return SegmentService(DynamoSegmentStore(), DynamoLeadStore(), lists(), events, operations(), utc_now, new_id)


@cache
def imports() -> ImportService:
    return ImportService(S3ImportFiles(s3()), operations(), utc_now, new_id)


@cache
def file_links() -> FileLinks:
    return FileLinks(links(), S3LeadFiles(s3()), utc_now)


def public_address() -> str:
    return os.environ["PUBLIC_URL"].rstrip("/")
