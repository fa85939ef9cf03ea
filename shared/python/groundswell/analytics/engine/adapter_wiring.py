"""SQL over this stage's events."""

from groundswell.analytics.engine.adapter_files import ClientFiles
from groundswell.analytics.engine.adapter_process import Sandbox
from groundswell.analytics.engine.service import Members, Objects, SqlJob, SqlService
from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.adapter_wiring import lake
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import utc_now
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


def sql(members: Members) -> SqlService:
    return SqlService(_files(), Sandbox(), members)


def sql_job(answers: Objects, members: Members) -> SqlJob:
    return SqlJob(_files(), Sandbox(), answers, members)


def _files() -> ClientFiles:
    return ClientFiles(DynamoEventLog(dynamodb(), table_name("events")), lake(), DuckSheets(), utc_now)
