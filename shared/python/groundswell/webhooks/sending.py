"""Delivering: an event to each endpoint that wants it, attempt by attempt, until it arrives or there is no point.

Before an attempt the delivery is claimed, after it the result is written, with the timer of the next one in the same
transaction. A process that dies in between is followed, after its lease, by whoever gets the message again: so a
receiver may see an event twice, under the same `webhook-id`, and each success ends it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from groundswell.kernel.errors import Invalid
from groundswell.outbound.model import Answer, CallFailed, TargetRefused
from groundswell.outbound.retrying import retry_after
from groundswell.schedules.timers import Timer
from groundswell.webhooks.events import QUEUE, Event, parse_event
from groundswell.webhooks.model import (
    LONGEST_RESPONSE,
    PATIENCE,
    Attempt,
    Delivery,
    Endpoint,
    Order,
    Reason,
    new_delivery,
    next_wait,
)
from groundswell.webhooks.signing import signed_headers

TIMER = "webhook.retry"
_GONE = 410
_NOT_TRIED = frozenset({"circuit_open", "budget"})
_SOON = timedelta(seconds=60)
_RESERVE = timedelta(seconds=90)
"""A wait that a queue can do is asked of it; should that message be lost, the timer comes this much later."""
_LONGEST_WAIT = timedelta(hours=24)
_WHENEVER = timedelta(days=365)


class DeliveryStore(Protocol):
    def endpoints(self, client_id: str) -> tuple[Endpoint, ...]: ...

    def begin(self, delivery: Delivery) -> Delivery | None:
        """Write it and claim its first attempt; None when that was made. Raises DeliveryUnderWay."""

    def resume(self, order: Order) -> Delivery | None:
        """Claim that attempt; None when it was made, or there is none. Raises DeliveryUnderWay."""

    def settle(self, delivery: Delivery, timer: Timer | None) -> None:
        """Write what became of the attempt that was claimed, and when the next one is due, if any."""

    def delivered_since(self, delivery: Delivery, moment: datetime) -> bool:
        """Whether anything arrived at its endpoint from then on."""

    def disable(self, endpoint: Endpoint, reason: Reason) -> None:
        """Unless it is, and tell who made it."""


type Open = Callable[[Endpoint, str], bytes]
type Post = Callable[[str, str, Mapping[str, str], bytes], Awaitable[Answer]]
"""client id, URL, headers, body. Raises TargetRefused, CallFailed."""
type Later = Callable[[str, int], None]
"""Sends a body to the own queue, to be seen after so many seconds."""


@dataclass(frozen=True)
class Ways:
    """What the world gives. `wall` is the time of day as receivers have it: seconds since 1970."""

    open: Open
    post: Post
    later: Later
    now: Callable[[], datetime]
    wall: Callable[[], float]
    random: Callable[[], float]


class Sender:
    """For one batch of messages: a client's endpoints are read once."""

    def __init__(self, store: DeliveryStore, ways: Ways) -> None:
        self._store = store
        self._ways = ways
        self._endpoints: dict[str, tuple[Endpoint, ...]] = {}

    async def handle(self, body: str) -> None:
        """One message. Raises Invalid, DeliveryUnderWay."""
        match parse_body(body):
            case Event() as event:
                await self._spread(event)
            case Order() as order:
                await self._go_on(order)

    async def _spread(self, event: Event) -> None:
        wanting = [endpoint for endpoint in self._of(event.client_id) if endpoint.gets(event)]
        results = await asyncio.gather(*(self._begin(event, endpoint) for endpoint in wanting), return_exceptions=True)
        for failure in filter(None, results):
            raise failure

    async def _begin(self, event: Event, endpoint: Endpoint) -> None:
        delivery = self._store.begin(new_delivery(event, endpoint, self._ways.now()))
        if delivery:
            await self._attempt(delivery, endpoint)

    async def _go_on(self, order: Order) -> None:
        delivery = self._store.resume(order)
        if delivery is None:
            return
        endpoint = next((endpoint for endpoint in self._of(order.client_id) if endpoint.id == order.endpoint_id), None)
        if endpoint is None or not endpoint.active:
            self._store.settle(delivery.cancelled(self._ways.now()), None)
        else:
            await self._attempt(delivery, endpoint)

    def _of(self, client_id: str) -> tuple[Endpoint, ...]:
        if client_id not in self._endpoints:
            self._endpoints[client_id] = self._store.endpoints(client_id)
        return self._endpoints[client_id]

    async def _attempt(self, delivery: Delivery, endpoint: Endpoint) -> None:
        began, clock = self._ways.now(), asyncio.get_running_loop().time
        start = clock()
        try:
            answer = await self._post(delivery, endpoint)
        except CallFailed as failure:
            if failure.failure in _NOT_TRIED:
                return self._postpone(delivery, failure.retry_after)
            attempt = Attempt(began, _ms(clock() - start), error=f"{failure.failure}: {failure}")
        except TargetRefused as refused:
            attempt = Attempt(began, _ms(clock() - start), error=f"refused: the URL {refused.reason}")
        else:
            text = answer.body.decode(errors="replace")[:LONGEST_RESPONSE]
            attempt = Attempt(began, _ms(clock() - start), answer.status, response=text)
            if answer.ok:
                return self._settle(delivery.delivered(attempt, self._ways.now()))
            if answer.status == _GONE:
                self._store.disable(endpoint, Reason.GONE)
                return self._settle(delivery.failed(attempt, self._ways.now()))
            delay = retry_after(answer.headers, datetime.fromtimestamp(self._ways.wall(), UTC))
            return self._fail(delivery, endpoint, attempt, delay)
        return self._fail(delivery, endpoint, attempt)

    async def _post(self, delivery: Delivery, endpoint: Endpoint) -> Answer:
        now, payload = self._ways.now(), delivery.payload.encode()
        secrets = [self._ways.open(endpoint, secret.sealed) for secret in endpoint.current_secrets(now)]
        headers = {
            "content-type": "application/json",
            "user-agent": "Groundswell-Webhooks/1.0",
            **signed_headers(delivery.event_id, int(self._ways.wall()), payload, secrets),
        }
        return await self._ways.post(endpoint.client_id, endpoint.url, headers, payload)

    def _fail(self, delivery: Delivery, endpoint: Endpoint, attempt: Attempt, delay: float | None = None) -> None:
        now = self._ways.now()
        wait = next_wait(delivery.tries + 1, self._ways.random())
        if wait is None or self._too_late(delivery, now):
            began = delivery.round_began_at or delivery.created_at
            if not self._store.delivered_since(delivery, began):
                self._store.disable(endpoint, Reason.FAILING)
            return self._settle(delivery.failed(attempt, now))
        wait = max(wait, min(timedelta(seconds=min(delay or 0, 1e6)), _LONGEST_WAIT))
        return self._settle(delivery.waiting(attempt, now + wait))

    def _postpone(self, delivery: Delivery, seconds: float) -> None:
        now = self._ways.now()
        if self._too_late(delivery, now):
            attempt = Attempt(now, 0, error="the host failed for days and was not tried any more")
            return self._settle(delivery.failed(attempt, now))
        return self._settle(delivery.postponed(now + timedelta(seconds=seconds * (1 + self._ways.random()))))

    @staticmethod
    def _too_late(delivery: Delivery, now: datetime) -> bool:
        return now - (delivery.round_began_at or delivery.created_at) > PATIENCE

    def _settle(self, delivery: Delivery) -> None:
        due = delivery.next_attempt_at
        if due is None:
            return self._store.settle(delivery, None)
        wait = due - self._ways.now()
        soon = wait <= _SOON and delivery.tries == 1
        self._store.settle(delivery, retry_timer(delivery, due + _RESERVE if soon else due))
        if soon:
            self._ways.later(json.dumps(delivery.order), max(0, round(wait.total_seconds())))
        return None


def retry_timer(delivery: Delivery, due: datetime) -> Timer:
    """A delivery has one: setting another replaces it."""
    return Timer(delivery.client_id, TIMER, delivery.key, due, QUEUE, delivery.order, _WHENEVER)


def parse_body(body: str) -> Event | Order:
    """An event, an order for an attempt, or a timer that carries one. Raises Invalid for anything else."""
    try:
        content = json.loads(body)
        if content.get("kind") == TIMER:
            content = content["payload"]
        return Order(**content) if "delivery_id" in content else parse_event(content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid.on("body", "no event for webhooks, nor an attempt at one") from error


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
