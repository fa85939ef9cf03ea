"""How an update travels to the worker."""

import json
from collections.abc import Mapping
from typing import Any

from groundswell.bots.updates import Incoming, parse_update
from groundswell.kernel.errors import Invalid

UPDATE = "bot.update"


def update_body(client_id: str, bot_id: str, update: str) -> str:
    """`update` is what Telegram posted, read by nobody yet."""
    return json.dumps({"kind": UPDATE, "client_id": client_id, "bot_id": bot_id, "update": update})


def parse_job(content: Mapping[str, Any]) -> tuple[str, str, Incoming]:
    """(client, bot, update). Raises Invalid for what no retry makes an update."""
    try:
        client_id, bot_id, text = str(content["client_id"]), str(content["bot_id"]), content["update"]
        update = json.loads(text)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Invalid.on("update", "not JSON") from error
    return client_id, bot_id, parse_update(update)
