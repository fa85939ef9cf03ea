"""Has Slack told, and the instances know what came of it."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from groundswell.alerts.adapter_secrets import slack_url
from groundswell.alerts.adapter_slack import post
from groundswell.alerts.instances import Instance
from groundswell.alerts.ports import anew
from groundswell.alerts.store import DynamoAlertStore
from groundswell.kernel.clock import utc_now
from groundswell.schedules.store import DynamoRuns

if TYPE_CHECKING:
    from groundswell.outbound.adapter import SafeClient


@cache
def _client() -> "SafeClient":
    # The HTTP client is for those that tell Slack.
    from groundswell.outbound.adapter import SafeClient, loopback_peers, own_places
    from groundswell.outbound.adapter_limits import DynamoBuckets, DynamoCircuits

    return SafeClient(
        loopback_peers(),
        circuits=DynamoCircuits(utc_now),
        buckets=DynamoBuckets(utc_now),
        own=own_places(os.environ["PUBLIC_URL"]),
    )


def send_to_slack(client_id: str, content: Mapping[str, Any]) -> None:
    """Nothing, where the alert is gone or tells Slack no more. Raises SlackLater, and KeyError for no such message."""
    store = DynamoAlertStore()
    alert, _ = store.load(client_id, str(content["alert_id"]))
    url = slack_url(alert) if alert else None
    if url is None:
        return
    key, at, text = str(content["key"]), str(content["at"]), str(content["text"])
    state = asyncio.run(post(_client(), DynamoRuns(utc_now), client_id, key, at, url, text))
    for instance_id in content["instance_ids"]:
        anew(lambda: _note(store, client_id, str(instance_id), state))  # noqa: B023 - called at once


def _note(store: DynamoAlertStore, client_id: str, instance_id: str, state: str) -> None:
    instance = store.instance(client_id, instance_id)
    if instance is not None:
        noted = _noted(instance, state)
        if noted != instance:
            store.save_instance(noted)


def _noted(instance: Instance, state: str) -> Instance:
    """The oldest message that was not known yet."""
    waiting = next(
        (
            notification
            for notification in instance.notifications
            if (notification.channel, notification.state) == ("slack", "queued")
        ),
        None,
    )
    if waiting is None:
        return instance
    done = replace(waiting, state=state)
    return replace(
        instance,
        notifications=tuple(
            done if notification is waiting else notification for notification in instance.notifications
        ),
    )
