"""What the routes of tasks work with."""

from functools import cache
from typing import Annotated

from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.tasks.service import TaskService
from groundswell.tasks.store import DynamoTaskStore
from groundswell.tenancy.members.store import DynamoTeam


@cache
def task_service() -> TaskService:
    return TaskService(DynamoTaskStore(), DynamoTeam(), now=utc_now, new_id=new_id)


Tasks = Annotated[TaskService, provide(task_service)]
