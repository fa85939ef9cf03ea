"""What people do with webhooks: make, change, try and delete them, and look at what was delivered."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid, require_version
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.outbound.model import TargetRefused
from groundswell.webhooks.events import EVENTS, QUEUE, TEST, Event, event_message
from groundswell.webhooks.model import (
    ENDPOINTS_AT_MOST,
    Delivery,
    DeliveryNotFound,
    DeliveryStatus,
    Endpoint,
    Secret,
    Status,
    TooManyWebhooks,
    WebhookDisabled,
    WebhookNotFound,
    check_types,
    new_delivery,
)
from groundswell.webhooks.signing import SECRET_BYTES, spelled_secret


class EndpointStore(Protocol):
    def find(self, client_id: str, endpoint_id: str) -> Endpoint | None: ...

    def endpoints(self, client_id: str) -> tuple[Endpoint, ...]: ...

    def save(self, endpoint: Endpoint, entry: Entry) -> Endpoint: ...

    def remove(self, endpoint: Endpoint, entry: Entry) -> None: ...


class DeliveryLog(Protocol):
    def page(
        self, client_id: str, endpoint_id: str, limit: int, position: Position | None, status: DeliveryStatus | None
    ) -> Page[Delivery]: ...

    def find(self, client_id: str, endpoint_id: str, delivery_id: str) -> Delivery | None: ...

    def replay(self, before: Delivery, delivery: Delivery, message: Message) -> None: ...


@dataclass(frozen=True)
class Ways:
    """What the world gives. `check` raises TargetRefused for a URL that must not be called; `seal` takes the endpoint's
    client and id; `say` puts a message into the outbox."""

    check: Callable[[str], Awaitable[object]]
    seal: Callable[[str, str, bytes], str]
    say: Callable[[Message], None]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    random_bytes: Callable[[int], bytes]


class WebhookService:
    def __init__(self, store: EndpointStore, log: DeliveryLog, known: frozenset[str], ways: Ways) -> None:
        self._store = store
        self._log = log
        self._known = known
        self._ways = ways

    async def create(self, who: ClientContext, content: Mapping[str, Any]) -> tuple[Endpoint, str]:
        """With its secret, which nobody sees again. Raises Invalid, TooManyWebhooks."""
        events = check_types(content["events"], self._known)
        await self._check(content["url"])
        if len(self._store.endpoints(who.client_id)) >= ENDPOINTS_AT_MOST:
            raise TooManyWebhooks
        endpoint_id, now = self._ways.new_id(), self._ways.now()
        secret, sealed = self._new_secret(who.client_id, endpoint_id)
        endpoint = Endpoint(
            endpoint_id,
            who.client_id,
            who.org_id,
            content["url"],
            content["description"],
            events,
            Status.ACTIVE,
            (Secret(sealed),),
            created_by=who.actor_id,
            created_at=now,
            updated_at=now,
        )
        return self._store.save(endpoint, _entry(who, "webhook.created", endpoint_id)), secret

    def list(self, client_id: str) -> tuple[Endpoint, ...]:
        return self._store.endpoints(client_id)

    def get(self, client_id: str, endpoint_id: str) -> Endpoint:
        """Raises WebhookNotFound."""
        endpoint = self._store.find(client_id, endpoint_id)
        if endpoint is None:
            raise WebhookNotFound
        return endpoint

    async def change(
        self, who: ClientContext, endpoint_id: str, changes: Mapping[str, Any], expected: int | None
    ) -> Endpoint:
        """What is absent is kept. Raises WebhookNotFound, Invalid, PreconditionFailed."""
        endpoint = self.get(who.client_id, endpoint_id)
        require_version(expected, endpoint.version)
        if "events" in changes:
            changes = {**changes, "events": check_types(changes["events"], self._known)}
        if changes.get("url", endpoint.url) != endpoint.url:
            await self._check(changes["url"])
        changed = endpoint.changed(changes, self._ways.now())
        return self._store.save(changed, _entry(who, "webhook.changed", endpoint_id))

    def delete(self, who: ClientContext, endpoint_id: str, expected: int | None) -> None:
        """What waits for it is not delivered. Raises WebhookNotFound, PreconditionFailed."""
        endpoint = self.get(who.client_id, endpoint_id)
        require_version(expected, endpoint.version)
        self._store.remove(endpoint, _entry(who, "webhook.deleted", endpoint_id))

    def rotate(self, who: ClientContext, endpoint_id: str, overlap: timedelta) -> tuple[Endpoint, str]:
        """A new secret; the old one signs besides it for so long. Raises WebhookNotFound."""
        endpoint = self.get(who.client_id, endpoint_id)
        secret, sealed = self._new_secret(who.client_id, endpoint_id)
        rotated = endpoint.rotated(sealed, self._ways.now(), overlap)
        return self._store.save(rotated, _entry(who, "webhook.secret_rotated", endpoint_id)), secret

    def test(self, client_id: str, endpoint_id: str) -> Delivery:
        """Send an event of its own to that endpoint alone, disabled or not. Raises WebhookNotFound."""
        endpoint, now = self.get(client_id, endpoint_id), self._ways.now()
        event = Event(client_id, self._ways.new_id(), TEST, now, EVENTS[TEST], endpoint_id)
        self._ways.say(event_message(client_id, TEST, event.data, id=event.id, at=now, endpoint_id=endpoint_id))
        return new_delivery(event, endpoint, now)

    def deliveries(
        self,
        client_id: str,
        endpoint_id: str,
        limit: int,
        position: Position | None,
        status: DeliveryStatus | None = None,
    ) -> Page[Delivery]:
        """Newest first. Raises WebhookNotFound."""
        self.get(client_id, endpoint_id)
        return self._log.page(client_id, endpoint_id, limit, position, status)

    def delivery(self, client_id: str, endpoint_id: str, delivery_id: str) -> Delivery:
        """Raises WebhookNotFound, DeliveryNotFound."""
        self.get(client_id, endpoint_id)
        delivery = self._log.find(client_id, endpoint_id, delivery_id)
        if delivery is None:
            raise DeliveryNotFound
        return delivery

    def replay(self, client_id: str, endpoint_id: str, delivery_id: str) -> Delivery:
        """Try it anew, with all attempts, under the id that it had. Raises WebhookNotFound, DeliveryNotFound,
        DeliveryPending, WebhookDisabled."""
        if not self.get(client_id, endpoint_id).active:
            raise WebhookDisabled
        before = self.delivery(client_id, endpoint_id, delivery_id)
        replayed = before.replayed(self._ways.now())
        name = f"webhook:{before.key}:{replayed.round}"
        self._log.replay(before, replayed, Message(QUEUE, name, json.dumps(replayed.order)))
        return replayed

    async def _check(self, url: str) -> None:
        try:
            await self._ways.check(url)
        except TargetRefused as refused:
            raise Invalid.on("url", refused.reason, "url") from refused

    def _new_secret(self, client_id: str, endpoint_id: str) -> tuple[str, str]:
        """As its owner gets it, and as it is kept."""
        secret = self._ways.random_bytes(SECRET_BYTES)
        return spelled_secret(secret), self._ways.seal(client_id, endpoint_id, secret)


def _entry(who: ClientContext, action: str, endpoint_id: str) -> Entry:
    return Entry(who.org_id, action, who.actor_id, f"webhook:{endpoint_id}", {"client": who.client_id})
