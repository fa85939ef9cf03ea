"""The endpoints of usage and quotas."""

import os
from functools import cache
from typing import Annotated

from fastapi import Query, Response

from functions.admin import examples
from functions.admin.usage.schemas import (
    ModelUsageOut,
    QuotaOut,
    QuotaUpdate,
    UsageOut,
    model_usage_out,
    quota_out,
    usage_out,
)
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.analytics.questions.usage import RolledUpEvents
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Operator, OrgAdmin
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.language_model.store import DynamoBooks
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.usage.model import month_of, parse_month
from groundswell.tenancy.usage.service import UsageService
from groundswell.tenancy.usage.store import DynamoUsageStore

router = create_router("Usage")


@cache
def usage_service() -> UsageService:
    events = DynamoEventLog(dynamodb(), table_name("events"))
    return UsageService(DynamoUsageStore(), RolledUpEvents(events, AnalyticsService(events, utc_now)), utc_now)


@cache
def model_books() -> DynamoBooks:
    return DynamoBooks(DynamoUsageStore().quota, int(os.environ["OPENAI_MONTHLY_TOKENS"]), utc_now)


Usages = Annotated[UsageService, provide(usage_service)]
ModelBooks = Annotated[DynamoBooks, provide(model_books)]


@router.get("/usage", **operation("usage.get", response_example=examples.USAGE, errors=(401, 403)))
async def get_usage(
    who: OrgAdmin,
    usages: Usages,
    month: Annotated[str | None, Query(max_length=7, description="Such as 2026-11; this month if absent")] = None,
) -> Envelope[UsageOut]:
    """What the organization used in a month, and its quota. Measured hourly; this month's is five minutes old at most
    where the clients are few."""
    chosen = parse_month(month) if month else month_of(utc_now())
    return ok(usage_out(usages.usage(who.org_id, chosen)))


@router.get("/usage/model", **operation("usage.model", response_example=examples.MODEL_USAGE, errors=(401, 403)))
async def get_model_usage(
    who: OrgAdmin,
    ledger: ModelBooks,
    month: Annotated[str | None, Query(max_length=7, description="Such as 2026-11; this month if absent")] = None,
) -> Envelope[ModelUsageOut]:
    """What the organization used of the language model in a month, by purpose: tokens, and what they cost us."""
    chosen = parse_month(month) if month else month_of(utc_now())
    return ok(model_usage_out(ledger.read(who.org_id, chosen.name)))


@router.update(
    "/usage/quota",
    **operation(
        "usage.set_quota", request_example=examples.SET_QUOTA, response_example=examples.QUOTA, errors=(401, 403, 412)
    ),
)
async def set_quota(
    body: QuotaUpdate,
    operator: Operator,  # noqa: ARG001 - says who may
    who: OrgAdmin,
    response: Response,
    expected: IfMatch,
    usages: Usages,
) -> Envelope[QuotaOut]:
    """Set hard limits of the organization that `org_id` names. Felt at once, also where a limit is lifted."""
    quota = usages.set_quota(who, body.limits(), expected)
    tag(response, quota.version)
    return ok(quota_out(quota))
