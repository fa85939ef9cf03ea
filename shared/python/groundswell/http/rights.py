"""What a route asks of its caller, asked apart from all else that the route does."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from groundswell.http.location import Handle
from groundswell.http.principal import REQUIREMENTS


def rights_of(route: APIRoute) -> Handle:
    """Raises what the route itself would (Unauthenticated, Forbidden, ClientNotFound): of the dependencies that the
    route has, it asks those of `http.principal`, and none that counts, reads or changes."""

    @cache
    def handler() -> Handle:
        dependencies = [Depends(requirement) for requirement in dict.fromkeys(_requirements(route.dependant))]
        return APIRoute(route.path, _nothing, dependencies=dependencies).get_route_handler()

    async def check(request: Request) -> Any:
        return await handler()(request)

    return check


def _requirements(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for dependency in dependant.dependencies:
        if dependency.call in REQUIREMENTS:
            yield dependency.call
        else:
            yield from _requirements(dependency)


async def _nothing() -> None:
    pass
