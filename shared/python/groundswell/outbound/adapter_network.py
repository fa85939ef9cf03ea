"""The one place that connects to hosts others name: to the addresses that were checked, and to no other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from socket import SOCK_STREAM, gaierror

import httpcore

from groundswell.outbound.model import CallFailed
from groundswell.outbound.target import LoopbackPeers, Target, check_addresses

type Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_ADDRESSES_TRIED = 4


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """The host's addresses as the system's resolver tells them. Raises OSError."""
    addresses = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    return [str(address[4][0]) for address in addresses]


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a name once, refuses it if any of its addresses is not public, and connects to one that was checked.

    TLS is then spoken with the name. Raises TargetRefused out of the client that uses it.
    """

    def __init__(self, target: Target, peers: LoopbackPeers, resolve: Resolve) -> None:
        self._target = target
        self._peers = peers
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the target's
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await resolve_checked(self._target, self._peers, self._resolve, timeout)
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                stream = await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last: Exception = error
                continue
            check_addresses(self._target, [str(stream.get_extra_info("server_addr")[0])], self._peers)
            return stream
        raise last

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


async def resolve_checked(
    target: Target, peers: LoopbackPeers, resolve: Resolve, seconds: float | None
) -> tuple[str, ...]:
    """The target's addresses. Raises TargetRefused, CallFailed when there are none or the resolver takes too long."""
    if target.address is not None:
        return check_addresses(target, [target.host], peers)
    try:
        async with asyncio.timeout(seconds):
            addresses = await resolve(target.host, target.port)
    except TimeoutError as error:
        raise CallFailed("timeout", f"{target.host} could not be resolved in time") from error
    except (gaierror, OSError, UnicodeError) as error:
        raise CallFailed("connect", f"{target.host} has no address") from error
    return check_addresses(target, addresses, peers)
