"""Deliveries and endpoints in memory, and a world in which receivers do as a test says."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from groundswell.outbound.model import Answer
from groundswell.schedules.timers import Timer
from groundswell.webhooks.model import Delivery, DeliveryStatus, DeliveryUnderWay, Endpoint, Order, Reason
from groundswell.webhooks.sending import Sender, Ways
from tests.clock import Clock

type Reply = Callable[[str, dict[str, str], bytes], Answer]


@dataclass
class FakeDeliveries:
    made: dict[str, Delivery] = field(default_factory=dict)
    leased: set[str] = field(default_factory=set)
    timers: dict[str, Timer] = field(default_factory=dict)
    of_client: dict[str, tuple[Endpoint, ...]] = field(default_factory=dict)

    def endpoints(self, client_id: str) -> tuple[Endpoint, ...]:
        return self.of_client.get(client_id, ())

    def begin(self, delivery: Delivery) -> Delivery | None:
        self.made.setdefault(delivery.key, delivery)
        return self.resume(Order(**delivery.order))

    def resume(self, order: Order) -> Delivery | None:
        delivery = self.made.get(f"{order.endpoint_id}.{order.delivery_id}")
        if delivery is None or delivery.status is not DeliveryStatus.PENDING or delivery.order != vars(order):
            return None
        if delivery.key in self.leased:
            raise DeliveryUnderWay
        self.leased.add(delivery.key)
        return delivery

    def settle(self, delivery: Delivery, timer: Timer | None) -> None:
        self.made[delivery.key] = delivery
        self.leased.discard(delivery.key)
        self.timers.pop(delivery.key, None)
        if timer:
            self.timers[delivery.key] = timer

    def delivered_since(self, delivery: Delivery, moment: datetime) -> bool:
        return any(
            past_delivery.status is DeliveryStatus.DELIVERED and past_delivery.finished_at >= moment
            for past_delivery in self.made.values()
            if past_delivery.endpoint_id == delivery.endpoint_id
        )

    def disable(self, endpoint: Endpoint, reason: Reason) -> None:
        self.of_client[endpoint.client_id] = tuple(
            stored_endpoint.disabled(reason, stored_endpoint.updated_at)
            if stored_endpoint.id == endpoint.id and stored_endpoint.active
            else stored_endpoint
            for stored_endpoint in self.endpoints(endpoint.client_id)
        )


@dataclass
class World:
    """`run` delivers messages until none is left; `pass_time` fires what became due on the way."""

    clock: Clock
    reply: Reply
    store: FakeDeliveries = field(default_factory=FakeDeliveries)
    queue: list[str] = field(default_factory=list)
    posts: list[tuple[str, str, bytes]] = field(default_factory=list)

    def ways(self) -> Ways:
        return Ways(lambda _, sealed: sealed.encode(), self._post, self._later, self.clock, lambda: 1.8e9, lambda: 0.0)

    def run(self) -> None:
        while self.queue:
            asyncio.run(Sender(self.store, self.ways()).handle(self.queue.pop(0)))

    def pass_time(self, **by: float) -> None:
        end = self.clock.time + timedelta(**by)
        while due := [timer for timer in self.store.timers.values() if timer.due <= end]:
            timer = min(due, key=lambda due_timer: due_timer.due)
            del self.store.timers[str(timer.key)]
            self.clock.time = max(self.clock.time, timer.due)
            self.queue.append(json.dumps({"kind": timer.kind, "payload": dict(timer.payload), "missed": False}))
            self.run()
        self.clock.time = end

    @property
    def delivery(self) -> Delivery:
        """The only one."""
        (delivery,) = self.store.made.values()
        return delivery

    async def _post(self, client_id: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        self.posts.append((client_id, headers["webhook-id"], body))
        return self.reply(url, dict(headers), body)

    def _later(self, body: str, _seconds: int) -> None:
        self.queue.append(body)
