"""The services of what is kept."""

from functools import cache
from typing import Annotated

from groundswell.analytics.saved import store
from groundswell.analytics.saved.service import Annotations, Dashboards, Questions
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id


@cache
def saved_questions() -> Questions:
    return Questions(store.questions(), store.dashboards(), utc_now, new_id)


@cache
def dashboards() -> Dashboards:
    return Dashboards(store.dashboards(), saved_questions(), utc_now, new_id)


@cache
def annotations() -> Annotations:
    return Annotations(store.DynamoAnnotations(), utc_now, new_id)


Saved = Annotated[Questions, provide(saved_questions)]
Boards = Annotated[Dashboards, provide(dashboards)]
Notes = Annotated[Annotations, provide(annotations)]
