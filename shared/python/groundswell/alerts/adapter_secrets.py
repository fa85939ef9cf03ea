"""Slack's addresses, sealed with KMS: opened once a process."""

from functools import lru_cache

from groundswell.alerts.model import Alert
from groundswell.storage.sealing import KmsSealer

_KEY = "credentials"


class SealedAddresses:
    def seal(self, client_id: str, alert_id: str, url: str) -> str:
        return KmsSealer(_KEY).seal(url.encode(), _context(client_id, alert_id))


def slack_url(alert: Alert) -> str | None:
    """Raises SealBroken for one that was moved from another alert. What was kept before there were seals is plain."""
    kept = alert.actions.slack_webhook_url
    return _opened(alert.client_id, alert.id, kept) if kept and alert.actions.slack_shown else kept


@lru_cache(maxsize=1000)
def _opened(client_id: str, alert_id: str, kept: str) -> str:
    return KmsSealer(_KEY).open(kept, _context(client_id, alert_id)).decode()


def _context(client_id: str, alert_id: str) -> dict[str, str]:
    return {"client": client_id, "alert": alert_id, "use": "slack"}
