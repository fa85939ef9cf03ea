"""The same operations for each network, at its own paths: `/communication/linkedin/…`, `/communication/twitter/…`."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from groundswell.http.operation import operation
from groundswell.http.router import Router
from groundswell.social.model import Network

_BASE = "/communication"


async def _named(request: Request) -> Network:
    return Network(request.scope["route"].path.split(f"{_BASE}/")[1].partition("/")[0])


Named = Annotated[Network, Depends(_named)]
"""The network in the request's path."""


def on_networks[F: Callable[..., Any]](
    router: Router, methods: str, path: str, name: str, *, location: str | None = None, **options: Any
) -> Callable[[F], F]:
    """`@on_networks(router, "GET", "/accounts", "accounts.list")` declares `social.linkedin.accounts.list` and
    `social.twitter.accounts.list`. `PUT+PATCH` is an operation that keeps what it is not sent. Examples are given for
    LinkedIn, and told for the network."""

    def declare(endpoint: F) -> F:
        for network in Network:
            place = f"{_BASE}/{network.value}"
            told = {key: _told(value, network) for key, value in options.items()}
            told |= {"location": place + location} if location else {}
            whole = operation(f"social.{network.value}.{name}", **told)
            if methods == "PUT+PATCH":
                router.update(place + path, **whole)(endpoint)
            else:
                router.add_api_route(place + path, endpoint, methods=[methods], **whole)
        return endpoint

    return declare


def _told(value: Any, network: Network) -> Any:
    if isinstance(value, dict):
        return {name: _told(each, network) for name, each in value.items()}
    if isinstance(value, list):
        return [_told(each, network) for each in value]
    return network.value if value == Network.LINKEDIN.value else value
