"""SQS worker: timers of posts and accounts, and posts that are to go out at once."""

import asyncio
from functools import cache
from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.media.adapter_wiring import media
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.observability.log import log
from groundswell.schedules.timers import Firing, parse_firing
from groundswell.social.adapter_files import MediaFiles
from groundswell.social.adapter_vault import AccountVault
from groundswell.social.adapter_wiring import watched_networks
from groundswell.social.doors import AccountDoors
from groundswell.social.publishing import Publisher
from groundswell.social.store import DynamoAccountStore, DynamoPublishingStore
from groundswell.social.timers import LOOK, PUBLISH, REFRESH
from groundswell.social.watching import Watcher


@cache
def doors() -> AccountDoors:
    return AccountDoors(DynamoAccountStore(), watched_networks(), AccountVault(), utc_now)


@cache
def publisher() -> Publisher:
    return Publisher(DynamoPublishingStore(), watched_networks(), doors(), MediaFiles(media()), utc_now)


@cache
def watcher() -> Watcher:
    return Watcher(DynamoPublishingStore(), watched_networks(), doors(), utc_now)


def handler(event: dict[str, Any], context: object) -> Failures:  # noqa: ARG001 - Lambda's signature
    return handle_messages(event, _handle, poison=(Invalid,))


def _handle(body: str) -> None:
    firing = parse_firing(body)
    if firing.kind not in (PUBLISH, REFRESH, LOOK):
        raise Invalid.on("kind", "no timer of a post or an account")
    # Not whose: what a message says is in no log before somebody looked.
    log.info("social", extra={"kind": firing.kind, "missed": firing.missed})
    asyncio.run(_act(firing))


async def _act(firing: Firing) -> None:
    """Each is safe to repeat by what it finds: a post by its attempt, a token by its end, a snapshot by its time."""
    if firing.kind == PUBLISH:
        attempt = firing.payload.get("attempt")
        if not isinstance(attempt, int):
            raise Invalid.on("attempt", "no attempt of a post")
        named = firing.payload.get("account_id")
        account_id = named if isinstance(named, str) else None
        await publisher().publish(firing.tenant, firing.key, attempt, account_id=account_id, missed=firing.missed)
    elif firing.kind == REFRESH:
        await doors().renew(firing.tenant, firing.key)
    else:
        await watcher().look(firing.tenant, firing.key, firing.due)
