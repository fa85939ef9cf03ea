"""Intake and delivery, put together: what the worker `conversations` does for bots."""

from functools import cache

from groundswell.bots.adapter_audience import BotAudience
from groundswell.bots.adapter_log import DynamoUpdateLog, new_entry_id
from groundswell.bots.adapter_wiring import bot_service
from groundswell.bots.delivery import Delivery
from groundswell.bots.intake import Intake, Ways
from groundswell.chat.adapter_wiring import chat_service, sending
from groundswell.chat.jobs import QUEUE, Job
from groundswell.chat.store import DynamoChatStore
from groundswell.kernel.clock import utc_now
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url

_LONGEST_DELAY = 900  # SQS's limit


@cache
def intake() -> Intake:
    ways = Ways(bot_service().messenger, chat_service().hand_over, utc_now, new_entry_id)
    return Intake(sending(), DynamoChatStore(), BotAudience(), DynamoUpdateLog(utc_now), ways)


@cache
def delivery() -> Delivery:
    bots = bot_service()
    return Delivery(DynamoChatStore(), bots.get, bots.messenger, BotAudience().blocked, _later, utc_now)


def _later(job: Job, seconds: int) -> None:
    sqs().send_message(
        QueueUrl=queue_url(QUEUE), MessageBody=job.body, DelaySeconds=min(_LONGEST_DELAY, max(1, seconds))
    )
