"""The one way to bots. A function that sends as a bot declares `TELEGRAM_URL`, decrypting with the key `credentials`,
and reading the core table; `PUBLIC_URL` besides where it connects bots."""

import os
from functools import cache

from groundswell.bots.adapter_secrets import seal, unseal
from groundswell.bots.adapter_telegram import Telegram
from groundswell.bots.service import BotService, Ways
from groundswell.bots.store import DynamoBotStore
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id, new_secret


@cache
def bot_service() -> BotService:
    return BotService(DynamoBotStore(), Ways(Telegram, seal, unseal, webhook_url, utc_now, new_id, new_secret))


def webhook_url(bot_id: str) -> str:
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}/api/v1/bot/webhook/{bot_id}"
