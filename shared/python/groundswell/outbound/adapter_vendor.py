"""The client for vendors: addresses from settings, retries with jitter, `Retry-After`, and the vendor's rate limit."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from random import random
from typing import TYPE_CHECKING, Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Outage, Overloaded, Unavailable
from groundswell.observability.log import log
from groundswell.outbound.model import Buckets, Rate
from groundswell.outbound.outcomes import Outcomes
from groundswell.outbound.retrying import backoff, may_repeat, retry_after

if TYPE_CHECKING:
    import ssl

    import httpx

_ANSWER_AT_MOST = 20_000_000
_CONNECT_SECONDS = 3.0
_OUR_MISTAKES = frozenset({400, 404, 409, 410, 413, 422})
"""Of one request: the vendor is well."""


@dataclass(frozen=True)
class Vendor:
    """`name` is for people. `rate` is what the vendor allows us, all tenants together."""

    name: str
    base_url: str
    rate: Rate | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def vendor_url(setting: str) -> str:
    """`OPENAI_URL` and so on, without a slash at its end. Raises KeyError when the function does not declare it."""
    return os.environ[setting].rstrip("/")


@dataclass(frozen=True)
class VendorAnswer:
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Raises ValueError."""
        return json.loads(self.body)


type Listen = Callable[[], Callable[[bytes], None]]
type Outcome = VendorAnswer | httpx.TransportError


class VendorClient:
    """`patience`: seconds for one request with all its attempts and waits. One event loop may use it, and many requests
    at once; connections live as long as one request."""

    def __init__(
        self,
        vendor: Vendor,
        *,
        buckets: Buckets | None = None,
        outcomes: Outcomes | None = None,
        patience: float = 20.0,
        attempts: int = 4,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        jitter: Callable[[], float] = random,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self._vendor = vendor
        self._buckets = buckets
        self._outcomes = outcomes
        self._patience = patience
        self._attempts = attempts
        self._now = now
        self._sleep = sleep
        self._jitter = jitter
        self._transport = transport

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        form: Mapping[str, Any] | None = None,
        repeatable: bool = False,
        listen: Listen | None = None,
    ) -> VendorAnswer:
        """The vendor's answer, whatever its status, once there is no point in asking again. `body` is sent as JSON.
        `listen` hears a good answer while it comes: whoever it returns, for each attempt, is called with every piece.

        Raises Unavailable when no answer came, Overloaded when the vendor, or its rate limit, asks for more patience
        than there is.
        """
        try:
            answer = await self._request(
                method, path, params=params, headers=headers, body=body, form=form, repeatable=repeatable, listen=listen
            )
        except Overloaded:
            self._note("overloaded")
            raise
        self._note(None if answer.status < 400 or answer.status in _OUR_MISTAKES else f"HTTP {answer.status}")
        return answer

    def _note(self, error: str | None) -> None:
        if self._outcomes is not None:
            self._outcomes.note(self._vendor.name, error)

    async def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        body: object,
        form: Mapping[str, Any] | None,
        repeatable: bool,
        listen: Listen | None,
    ) -> VendorAnswer:
        import httpx  # a tenth of a second at cold start

        content: dict[str, Any] = {"data": form} if form is not None else {}
        if body is not None:
            content["json"] = body
        every = {**self._vendor.headers, **(headers or {})}
        url = self._vendor.base_url + path
        try:
            async with asyncio.timeout(self._patience), self._client() as client:
                request = client.build_request(method, url, params=params, headers=every, **content)
                return await self._persist(client, request, listen, repeatable=repeatable)
        except TimeoutError as error:
            raise self._unavailable("timeout") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unavailable(type(error).__name__) from error

    async def _persist(
        self, client: "httpx.AsyncClient", request: "httpx.Request", listen: Listen | None, *, repeatable: bool
    ) -> VendorAnswer:
        deadline = asyncio.get_running_loop().time() + self._patience
        for attempt in range(1, self._attempts):
            await self._wait_for_room(deadline)
            outcome = await self._try(client, request, listen)
            if not _worth_repeating(request.method, outcome, repeatable=repeatable):
                return _settled(outcome)
            await self._pause(attempt, outcome, deadline)
        await self._wait_for_room(deadline)
        return _settled(await self._try(client, request, listen))

    async def _try(self, client: "httpx.AsyncClient", request: "httpx.Request", listen: Listen | None) -> "Outcome":
        import httpx

        try:
            return await self._send(client, request, listen)
        except httpx.TransportError as error:
            return error

    async def _send(self, client: "httpx.AsyncClient", request: "httpx.Request", listen: Listen | None) -> VendorAnswer:
        import httpx

        response = await client.send(request, stream=True)
        hear = listen() if listen and response.is_success else None
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if hear:
                    hear(chunk)
                if len(body) > _ANSWER_AT_MOST:
                    raise httpx.ReadError("the answer is too large", request=request)
        finally:
            await response.aclose()
        return VendorAnswer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, bytes(body))

    async def _wait_for_room(self, deadline: float) -> None:
        while self._vendor.rate and self._buckets:
            seconds = self._buckets.take(f"VENDOR#{self._vendor.name}", self._vendor.rate)
            if not seconds:
                return
            await self._sleep_within(seconds, deadline)

    async def _pause(self, attempt: int, outcome: "Outcome", deadline: float) -> None:
        named = retry_after(outcome.headers, self._now()) if isinstance(outcome, VendorAnswer) else None
        seconds = backoff(attempt, self._jitter) if named is None else named + self._jitter()
        log.info("vendor is tried again", extra={"vendor": self._vendor.name, "seconds": round(seconds, 1)})
        await self._sleep_within(seconds, deadline)

    async def _sleep_within(self, seconds: float, deadline: float) -> None:
        if asyncio.get_running_loop().time() + seconds > deadline:
            raise Overloaded(Outage(self._vendor.name, int(seconds) + 1))
        await self._sleep(seconds)

    def _client(self) -> "httpx.AsyncClient":
        import httpx

        return httpx.AsyncClient(
            timeout=httpx.Timeout(self._patience, connect=_CONNECT_SECONDS),
            transport=self._transport,
            verify=_tls(),
            # The proxy settings of an environment are not ours to follow with a key in hand, nor are redirects.
            trust_env=False,
        )

    def _unavailable(self, reason: str) -> Unavailable:
        log.warning("vendor does not answer", extra={"vendor": self._vendor.name, "reason": reason})
        self._note(reason)
        return Unavailable(Outage(self._vendor.name, 10))


@cache
def _tls() -> "ssl.SSLContext":
    """Reading the trusted roots costs more than a request: once a process."""
    import httpx

    return httpx.create_ssl_context()


def _worth_repeating(method: str, outcome: Outcome, *, repeatable: bool) -> bool:
    if isinstance(outcome, VendorAnswer):
        return may_repeat(method, outcome.status, repeatable=repeatable)
    import httpx

    never_arrived = isinstance(outcome, httpx.ConnectError | httpx.ConnectTimeout)
    return may_repeat(method, None, repeatable=repeatable or never_arrived)


def _settled(outcome: Outcome) -> VendorAnswer:
    if isinstance(outcome, VendorAnswer):
        return outcome
    raise outcome
