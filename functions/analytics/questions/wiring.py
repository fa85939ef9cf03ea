"""The service behind all questions."""

from functools import cache
from typing import Annotated

from groundswell.analytics.questions.questions import QuestionService
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


@cache
def questions() -> QuestionService:
    return QuestionService(DynamoEventLog(dynamodb(), table_name("events")), utc_now)


Questions = Annotated[QuestionService, provide(questions)]
