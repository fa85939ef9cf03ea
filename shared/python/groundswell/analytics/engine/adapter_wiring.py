"""Questions as SQL over this stage's events."""

import json
from decimal import Decimal

from groundswell.analytics.engine.adapter_engine import Engine
from groundswell.analytics.engine.adapter_files import ClientFiles
from groundswell.analytics.engine.adapter_kept import ObjectAnswers
from groundswell.analytics.engine.adapter_process import Sandbox
from groundswell.analytics.engine.adapter_slow import Watched
from groundswell.analytics.engine.jobs import Answering, QuestionJob
from groundswell.analytics.engine.model import AS_A_JOB, AT_ONCE, WATCHED, Limits
from groundswell.analytics.engine.questions import Question, question_of
from groundswell.analytics.engine.service import Members, Running, SqlService
from groundswell.analytics.engine.stored_question import emitted_of
from groundswell.analytics.questions.kept import Objects
from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.adapter_wiring import lake
from groundswell.events.archiver.store import S3Objects
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.kernel.clock import millis, utc_now
from groundswell.operations.model import Operation
from groundswell.storage.client import dynamodb, s3
from groundswell.storage.settings import bucket_name, table_name

_AT_ONCE, _AS_A_JOB = 700, 1_500
"""MB that DuckDB keeps in memory."""


def sql(members: Members) -> SqlService:
    return SqlService(Answering(_files(), _running(_AT_ONCE, members, AT_ONCE), _kept(), utc_now))


def watching(members: Members) -> SqlService:
    """For alerts, of which a batch is looked at in one invocation."""
    return SqlService(Answering(_files(), _running(_AT_ONCE, members, WATCHED), _kept(), utc_now))


def answering(members: Members) -> Answering:
    """For jobs."""
    return Answering(_files(), _running(_AS_A_JOB, members, AS_A_JOB), _kept(), utc_now)


def sql_job(answering: Answering, answers: Objects) -> QuestionJob:
    return QuestionJob(answering, answers, _of_engine)


def question_job(answering: Answering, answers: Objects) -> QuestionJob:
    return QuestionJob(answering, answers, _emitted)


def _of_engine(operation: Operation) -> Question:
    return question_of(json.loads(operation.state["question"], parse_float=Decimal))


def _emitted(operation: Operation) -> Question:
    return emitted_of(operation.state["question"], millis(operation.created_at))


def _running(megabytes: int, members: Members, limits: Limits) -> Running:
    return Running(Watched(Sandbox(), "sql"), Watched(Engine(megabytes), "question"), members, limits)


def _kept() -> ObjectAnswers:
    return ObjectAnswers(S3Objects(s3(), bucket_name("questions")), utc_now)


def _files() -> ClientFiles:
    return ClientFiles(DynamoEventLog(dynamodb(), table_name("events")), lake(), DuckSheets(), utc_now)
