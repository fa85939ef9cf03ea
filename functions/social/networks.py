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
            attributes = {key: _in_words_of(value, network) for key, value in options.items()}
            attributes |= {"location": place + location} if location else {}
            whole = operation(f"social.{network.value}.{name}", **attributes)
            if methods == "PUT+PATCH":
                router.update(place + path, **whole)(endpoint)
            else:
                router.add_api_route(place + path, endpoint, methods=[methods], **whole)
        return endpoint

    return declare


def _in_words_of(value: Any, network: Network) -> Any:
    if isinstance(value, dict):
        return {name: _in_words_of(member, network) for name, member in value.items()}
    if isinstance(value, list):
        return [_in_words_of(element, network) for element in value]
    return network.value if value == Network.LINKEDIN.value else value
