"""The services of reports, on DynamoDB."""

import os
from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.links.adapter_wiring import links
from groundswell.reports.catalogue import Origin
from groundswell.reports.saved import Share
from groundswell.reports.sending import Schedules
from groundswell.reports.service import ReportService
from groundswell.reports.sources import Reader, Source
from groundswell.reports.store import DynamoReportStore
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

PURPOSE = "report"


@cache
def report_service() -> ReportService:
    sources = {Origin.EVENTS: _events, Origin.ADS: _ads, Origin.CAMPAIGNS: _campaigns, Origin.LEADS: _leads}
    return ReportService(Reader(sources), DynamoReportStore(), utc_now, new_id)


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


def share_url(share: Share) -> str:
    claims = {"report": share.report_id, "share": share.id}
    token = links().sign(share.client_id, PURPOSE, claims, share.ends_at)
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}/api/v1/reports/shared/{token}"
