"""The composition root of the function `bots`."""

from functools import cache
from typing import Annotated

from groundswell.bots.adapter_log import DynamoUpdateLog
from groundswell.bots.adapter_wiring import bot_service, webhook_url
from groundswell.bots.service import BotKeys as Keys
from groundswell.bots.service import BotService
from groundswell.bots.store import DynamoBotStore
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now


@cache
def update_log() -> DynamoUpdateLog:
    return DynamoUpdateLog(utc_now)


@cache
def bot_keys() -> Keys:
    return DynamoBotStore()


Bots = Annotated[BotService, provide(bot_service)]
BotKeys = Annotated[Keys, provide(bot_keys)]
Log = Annotated[DynamoUpdateLog, provide(update_log)]
__all__ = ["Bots", "webhook_url"]
