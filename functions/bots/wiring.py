"""The composition root of the function `bots`."""

from typing import Annotated

from groundswell.bots.adapter_wiring import bot_service, webhook_url
from groundswell.bots.service import BotService
from groundswell.http.provide import provide

Bots = Annotated[BotService, provide(bot_service)]
__all__ = ["Bots", "webhook_url"]
