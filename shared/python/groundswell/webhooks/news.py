"""What people are told of their webhooks."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from groundswell.kernel.message import Message
from groundswell.notifications.message import Kind, notification_message
from groundswell.webhooks.model import Endpoint, Reason

DISABLED = Kind("webhook.disabled", "A webhook of yours was disabled")
KINDS = (DISABLED,)
_WHY: Mapping[Reason | None, str] = {
    Reason.GONE: "it answered that it is gone (410)",
    Reason.FAILING: "nothing arrived there in three days",
}


def disabled_messages(endpoint: Endpoint) -> tuple[Message, ...]:
    """For who made it, if that is a person. The address's path may be a secret: only its host is said."""
    if ":" in endpoint.created_by or endpoint.disabled_at is None:
        return ()
    host = urlsplit(endpoint.url).hostname
    notification = notification_message(
        endpoint.client_id,
        [endpoint.created_by],
        DISABLED,
        f"The webhook to {host} is disabled: {_WHY.get(endpoint.disabled_reason, 'by hand')}",
        object_type="webhook",
        object_id=endpoint.id,
        id=f"webhook:{endpoint.id}:{endpoint.version}",
        at=endpoint.disabled_at,
    )
    return (notification,)
