"""The services of alerts, on DynamoDB."""

import os
from functools import cache
from typing import TYPE_CHECKING

from groundswell.alerts.adapter_batches import BatchAlertStore
from groundswell.alerts.adapter_secrets import SealedAddresses
from groundswell.alerts.announcing import Announcer
from groundswell.alerts.handling import Handling
from groundswell.alerts.service import AlertService
from groundswell.alerts.store import DynamoAlertStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.tasks.port import TaskPort
from groundswell.tasks.store import DynamoTaskStore
from groundswell.tenancy.members.store import DynamoTeam

if TYPE_CHECKING:
    from groundswell.alerts.evaluator import Evaluator
    from groundswell.alerts.questions_source import QuestionSource
    from groundswell.alerts.sources import KeptFacts
    from groundswell.analytics.saved.service import Questions


@cache
def announcer() -> Announcer:
    tasks = TaskPort(DynamoTaskStore(), utc_now, new_id)
    return Announcer(DynamoAlertStore(), tasks, DynamoTeam(), utc_now, os.environ["FRONTEND_URL"])


@cache
def batch_store() -> BatchAlertStore:
    return BatchAlertStore()


@cache
def kept_facts() -> "KeptFacts":
    from groundswell.alerts.sources import KeptFacts
    from groundswell.integrations.adapter_wiring import facts

    return KeptFacts(facts())


@cache
def evaluator(*, keeping: bool = False) -> "Evaluator":
    """`keeping`: what `batch_store` expects and what `kept_facts` know is read no more."""
    # Of the requests only a dry run reads figures: the others need not start with what does.
    from groundswell.alerts.evaluator import Evaluator
    from groundswell.alerts.events_source import EventSource, MetricSource
    from groundswell.alerts.model import EVENTS, METRICS
    from groundswell.alerts.sources import AdSource, MetricsOrQuestions, Sources
    from groundswell.analytics.questions.questions import QuestionService
    from groundswell.analytics.questions.service import AnalyticsService
    from groundswell.events.eventlog.store import DynamoEventLog
    from groundswell.integrations.adapter_wiring import facts
    from groundswell.storage.client import dynamodb
    from groundswell.storage.settings import table_name

    log = DynamoEventLog(dynamodb(), table_name("events"))
    analytics = AnalyticsService(log, utc_now)
    events = EventSource(analytics, QuestionService(log, utc_now))
    ads = AdSource(kept_facts() if keeping else facts())
    sources = Sources(ads, {EVENTS: events, METRICS: MetricsOrQuestions(MetricSource(analytics), question_source)})
    return Evaluator(batch_store() if keeping else DynamoAlertStore(), sources, announcer(), utc_now)


@cache
def question_source() -> "QuestionSource":
    # Few alerts watch questions: the others need not wait for the engine.
    from groundswell.alerts.questions_source import QuestionSource
    from groundswell.analytics.cohorts.store import DynamoCohortStore
    from groundswell.analytics.engine.adapter_wiring import watching

    return QuestionSource(_questions(), watching(DynamoCohortStore().everybody), utc_now)


def _questions() -> "Questions":
    from groundswell.analytics.saved import store
    from groundswell.analytics.saved.service import Questions

    return Questions(store.questions(), store.dashboards(), utc_now, new_id)


@cache
def handling() -> Handling:
    return Handling(DynamoAlertStore(), utc_now, os.environ["FRONTEND_URL"])


@cache
def alert_service() -> AlertService:
    return AlertService(DynamoAlertStore(), _questions(), handling(), DynamoTeam(), SealedAddresses(), utc_now, new_id)
