"""Whether a Slack address may be called."""

import os

from groundswell.alerts.model import Actions
from groundswell.kernel.errors import Invalid
from groundswell.outbound.model import TargetRefused


async def check_url(actions: Actions) -> None:
    """Raises Invalid for what leads to nobody, to us, or into a private network."""
    if actions.slack_webhook_url is None:
        return
    from groundswell.outbound.adapter import SafeClient, loopback_peers, own_places  # its HTTP client is for few calls

    client = SafeClient(loopback_peers(), own=own_places(os.environ["PUBLIC_URL"]))
    try:
        await client.check(actions.slack_webhook_url, https_only=True)
    except TargetRefused as refused:
        raise Invalid.on("action_config.slack_webhook_url", refused.reason, "url") from refused
