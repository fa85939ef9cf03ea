"""The services of reports, on DynamoDB."""

import os
from datetime import datetime
from functools import cache

from groundswell.access.model import Role
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.links.adapter_wiring import links
from groundswell.operations.service import OperationService
from groundswell.operations.store import DynamoOperationStore
from groundswell.reports.catalogue import Origin
from groundswell.reports.exports import Exports
from groundswell.reports.saved import Share
from groundswell.reports.sending import Schedules
from groundswell.reports.service import ReportService
from groundswell.reports.sources import Reader, Source
from groundswell.reports.store import DynamoReportStore
from groundswell.storage.client import dynamodb, s3
from groundswell.storage.settings import bucket_name, table_name
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.adapter_standing import standings

PURPOSE = "report"
QUESTIONS = "questions"
"""The queue and the bucket of what is answered later."""


def may_share(by: str, client_id: str) -> bool:
    return standings().may(by, client_id, Role.EDITOR, Scope.REPORTS_WRITE)


@cache
def report_service() -> ReportService:
    sources = {Origin.EVENTS: _events, Origin.ADS: _ads, Origin.CAMPAIGNS: _campaigns, Origin.LEADS: _leads}
    return ReportService(Reader(sources), DynamoReportStore(), utc_now, new_id, may_share)


# A source is imported for the first report that wants it: what others read need not start with the function.


@cache
def _events() -> Source:
    from groundswell.analytics.questions.questions import QuestionService
    from groundswell.analytics.questions.service import AnalyticsService
    from groundswell.events.eventlog.store import DynamoEventLog
    from groundswell.reports.events import EventSource

    log = DynamoEventLog(dynamodb(), table_name("events"))
    return EventSource(AnalyticsService(log, utc_now), QuestionService(log, utc_now))


@cache
def _ads() -> Source:
    from groundswell.integrations.adapter_wiring import facts
    from groundswell.reports.ads import AdSource

    return AdSource(facts(), utc_now)


@cache
def _campaigns() -> Source:
    from groundswell.campaigns.adapter_ledger import DynamoLedger
    from groundswell.campaigns.store import DynamoCampaignStore
    from groundswell.reports.campaigns import CampaignSource

    return CampaignSource(DynamoCampaignStore(), DynamoLedger(), utc_now)


@cache
def _leads() -> Source:
    from groundswell.leads.store import DynamoLeadStore
    from groundswell.reports.leads import LeadSource

    return LeadSource(DynamoLeadStore(), utc_now)


@cache
def report_schedules() -> Schedules:
    return Schedules(DynamoReportStore(), report_service(), utc_now, new_id, share_url)


@cache
def report_exports() -> Exports:
    operations = OperationService(DynamoOperationStore(QUESTIONS), utc_now, new_id)
    return Exports(DynamoReportStore(), operations, _file_url, utc_now, new_id)


def _file_url(client_id: str, name: str, until: datetime) -> str:
    return _address(links().sign(client_id, PURPOSE, {"file": name}, until))


def _address(token: str) -> str:
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}/api/v1/reports/shared/{token}"


def file_at(name: str) -> str:
    """Where a large report's file may be fetched for some minutes."""
    kind = name.rpartition(".")[2]
    parameters = {
        "Bucket": bucket_name(QUESTIONS),
        "Key": name,
        "ResponseContentType": {"csv": "text/csv; charset=utf-8"}.get(kind, "application/json"),
        "ResponseContentDisposition": f'attachment; filename="report.{kind}"',
        "ResponseCacheControl": "no-store",
    }
    return s3().generate_presigned_url("get_object", Params=parameters, ExpiresIn=300)


def share_url(share: Share) -> str:
    claims = {"report": share.report_id, "share": share.id}
    return _address(links().sign(share.client_id, PURPOSE, claims, share.ends_at))
