"""The client for hosts that tenants and pages name: public addresses only, everything bounded."""

import asyncio
import os
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from urllib.parse import urlsplit

import httpcore

from groundswell.outbound.adapter_network import CheckedNetwork, Resolve, resolve_checked, system_resolve
from groundswell.outbound.model import Answer, Bounds, Buckets, CallFailed, Circuits, Rate, TargetRefused
from groundswell.outbound.target import LoopbackPeers, Target, next_target, parse_target

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_STAYS_WITH_ITS_HOST = frozenset({"authorization", "cookie"})
_RESOLVE_SECONDS = 3.0
DEFAULT_BOUNDS = Bounds()
TENANT_RATE = Rate(calls=3000, seconds=60, chunk=50, credit=1)
"""Calls of one tenant a minute, whatever for."""


def loopback_peers() -> LoopbackPeers:
    """`ALLOW_LOOPBACK_HOSTS`, on the local stage alone."""
    local = os.environ.get("STAGE") == "local"
    return LoopbackPeers.parse(os.environ.get("ALLOW_LOOPBACK_HOSTS", "") if local else "")


def own_places(*urls: str) -> frozenset[str]:
    """`host:port` of our own addresses, as far as they are set."""
    parts = [urlsplit(url) for url in urls if url]
    return frozenset(f"{url.hostname}:{url.port or (443 if url.scheme == 'https' else 80)}" for url in parts)


class SafeClient:
    """`own` are places (`host:port`) of ours that are never called. `circuits` and `buckets` stop calls to a host that
    fails, and of a tenant that makes too many; both are kept by tenant, so that nobody's failures are another's."""

    def __init__(
        self,
        peers: LoopbackPeers,
        *,
        circuits: Circuits | None = None,
        buckets: Buckets | None = None,
        rate: Rate = TENANT_RATE,
        resolve: Resolve = system_resolve,
        own: frozenset[str] = frozenset(),
    ) -> None:
        self._peers = peers
        self._own = own
        self._circuits = circuits
        self._buckets = buckets
        self._rate = rate
        self._resolve = resolve

    async def check(self, url: str, *, https_only: bool = False) -> Target:
        """Raises TargetRefused as `send` would. A name that does not resolve today may tomorrow, and is let pass."""
        target = self._not_ours(parse_target(url, self._peers, https_only=https_only))
        with suppress(CallFailed):
            await resolve_checked(target, self._peers, self._resolve, _RESOLVE_SECONDS)
        return target

    async def send(
        self,
        tenant: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        bounds: Bounds = DEFAULT_BOUNDS,
    ) -> Answer:
        """The answer, whatever its status; redirects are followed for GET and HEAD, each hop checked like the first.

        Raises TargetRefused, CallFailed.
        """
        target = self._not_ours(parse_target(url, self._peers))
        circuit = f"{tenant}#{target.place}"
        self._admit(tenant, circuit)
        try:
            async with asyncio.timeout(bounds.seconds):
                answer = await self._follow(method, target, dict(headers or {}), content, bounds)
        except TimeoutError as error:
            self._note(circuit, ok=False)
            raise CallFailed("timeout", f"no complete answer in {bounds.seconds:g} s") from error
        except CallFailed:
            self._note(circuit, ok=False)
            raise
        self._note(circuit, ok=answer.status < 500)
        return answer

    def _not_ours(self, target: Target) -> Target:
        if target.place in self._own:
            raise TargetRefused("leads to ourselves")
        return target

    def _admit(self, tenant: str, circuit: str) -> None:
        if self._circuits and (seconds := self._circuits.open_for(circuit)):
            raise CallFailed("circuit_open", "the host failed repeatedly and is left alone for a while", seconds)
        if self._buckets and (seconds := self._buckets.take(f"TENANT#{tenant}", self._rate)):
            raise CallFailed("budget", "too many calls in this minute", seconds)

    def _note(self, circuit: str, *, ok: bool) -> None:
        if self._circuits:
            (self._circuits.succeeded if ok else self._circuits.failed)(circuit)

    async def _follow(
        self, method: str, target: Target, headers: dict[str, str], content: bytes, bounds: Bounds
    ) -> Answer:
        hops = bounds.redirects if method in ("GET", "HEAD") else 0
        for _ in range(hops + 1):
            answer = await self._call(method, target, headers, content, bounds)
            location = answer.headers.get("location")
            if not hops or answer.status not in _REDIRECTS or location is None:
                return answer
            following = self._not_ours(next_target(target, location, self._peers))
            if following.place != target.place:
                headers = {name: value for name, value in headers.items() if name.lower() not in _STAYS_WITH_ITS_HOST}
            target = following
        raise CallFailed("redirects", f"more than {hops} redirects")

    async def _call(
        self, method: str, target: Target, headers: Mapping[str, str], content: bytes, bounds: Bounds
    ) -> Answer:
        network = CheckedNetwork(target, self._peers, self._resolve)
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        limits = {"connect": bounds.connect_seconds, "read": bounds.seconds, "write": bounds.seconds}
        try:
            async with (
                httpcore.AsyncConnectionPool(_tls(), max_connections=1, network_backend=network) as pool,
                pool.stream(
                    method,
                    url,
                    headers=_header_list(target, headers, content),
                    content=content,
                    extensions={"timeout": limits},
                ) as response,
            ):
                body, truncated = await _read(response, bounds.size)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise _failure(error) from error
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status, target.url, names, body, truncated)


@cache
def _tls() -> ssl.SSLContext:
    return httpcore.default_ssl_context()


def _header_list(target: Target, headers: Mapping[str, str], content: bytes) -> list[tuple[str, str]]:
    """Uncompressed answers only: a small body must not unpack into a large one."""
    length = [("content-length", str(len(content)))] if content else []
    own = [("host", target.authority), ("accept-encoding", "identity"), ("connection", "close"), *length]
    return [*own, *headers.items()]


async def _read(response: httpcore.Response, size: int) -> tuple[bytes, bool]:
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) > size:
            return bytes(body[:size]), True
    return bytes(body), False


def _failure(error: Exception) -> CallFailed:
    if isinstance(error, httpcore.TimeoutException):
        return CallFailed("timeout", "the host did not answer in time")
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__ or error.__context__, ssl.SSLError):
        return CallFailed("tls", "the host's certificate does not fit, or it speaks no TLS")
    if isinstance(error, httpcore.ProtocolError):
        return CallFailed("protocol", "the host does not speak HTTP/1.1")
    return CallFailed("connect", "the connection was refused or broke off")
