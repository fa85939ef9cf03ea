"""Addresses of a tenant's own Slack: whoever has one may post there, so that people are shown which, and no more."""

from dataclasses import replace
from typing import Protocol
from urllib.parse import urlsplit

from groundswell.alerts.model import Actions, Alert

_SHOWN = 4


class Addresses(Protocol):
    def seal(self, client_id: str, alert_id: str, url: str) -> str: ...


def shown(url: str) -> str:
    """Its host and its last letters."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/***{parts.path[-_SHOWN:] if len(parts.path) > 3 * _SHOWN else ''}"


def sealed(alert: Alert, before: Alert | None, addresses: Addresses) -> Alert:
    """As it is kept. What people were shown, sent back, is what there was."""
    url = alert.actions.slack_webhook_url
    if url is None or alert.actions.slack_shown:
        return alert
    if before and url == before.actions.slack_shown:
        return replace(alert, actions=_with(alert.actions, before.actions.slack_webhook_url, url))
    return replace(alert, actions=_with(alert.actions, addresses.seal(alert.client_id, alert.id, url), shown(url)))


def _with(actions: Actions, kept: str | None, seen: str) -> Actions:
    return replace(actions, slack_webhook_url=kept, slack_shown=seen)
