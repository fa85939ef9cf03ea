"""The three families of paths of one aggregate: `/campaigns`, e-mail's of seed 001 and Telegram's of seed 002."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from groundswell.campaigns.model import Channel
from groundswell.http.operation import operation
from groundswell.http.router import Router

CAMPAIGNS, EMAIL, BROADCAST = "/campaigns", "/communication/email/campaigns", "/broadcast/campaign"
_NAMES = {EMAIL: "email", BROADCAST: "broadcast"}


async def _channel(request: Request) -> Channel | None:
    path = request.scope["path"]
    if "/communication/email/" in path:
        return Channel.EMAIL
    return Channel.TELEGRAM if "/broadcast/" in path else None


OfPath = Annotated[Channel | None, Depends(_channel)]
"""Campaigns of other channels are not found there."""


def declare(
    router: Router,
    methods: tuple[str, ...],
    suffixes: dict[str, str],
    endpoint: Callable[..., Any],
    name: str,
    **options: Any,
) -> None:
    """One operation at several paths (`suffixes` by family): the first is canonical, the others are its aliases."""
    location = options.pop("location", None)
    for number, (family, suffix) in enumerate(suffixes.items()):
        known = {**options, "location": f"{family}{location}"} if location else options
        own = operation(f"{name}.{_NAMES[family]}", alias_of=name, **known) if number else operation(name, **known)
        if methods == ("PUT", "PATCH"):
            router.update(f"{family}{suffix}", **own)(endpoint)
        else:
            router.add_api_route(f"{family}{suffix}", endpoint, methods=list(methods), **own)
