"""The endpoints. A small table: this path is too hot for a web framework."""

import re
from collections.abc import Mapping
from functools import partial

import msgspec

from functions.ingest import formo, posthog, sdk, segment
from functions.ingest.endpoint import Endpoint, Services
from functions.ingest.gateway import Answer, Request, not_allowed
from groundswell.events.ingest.segment import KINDS, SHORT
from groundswell.http.base_path import split
from groundswell.kernel.errors import NotFound


class NoSuchPath(NotFound):
    message = "There is nothing at this path"


class Route(msgspec.Struct, frozen=True):
    endpoint: Endpoint
    methods: tuple[str, ...] = ("POST",)

    @property
    def allow(self) -> str:
        return ", ".join((*self.methods, "OPTIONS"))


_GET = ("GET",)
_BOTH = ("GET", "POST")
OURS: Mapping[str, Route] = {
    "/sdk/event": Route(sdk.sdk),
    "/sdk/events": Route(sdk.sdk),
}
"""Under the three spellings."""

THEIRS: Mapping[str, Route] = {
    "/events": Route(sdk.events),
    **dict.fromkeys(("/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"), Route(segment.batch)),
    **{f"/v1/{kind}": Route(partial(segment.single, kind=kind)) for kind in KINDS},
    **{f"/v1/{short}": Route(partial(segment.single, kind=kind)) for short, kind in SHORT.items()},
    "/sourceConfig": Route(segment.source, _GET),
    **dict.fromkeys(posthog.CAPTURE, Route(posthog.events, _BOTH)),
    "/i/v1/analytics/events": Route(posthog.events_v1),
    **dict.fromkeys(("/flags", "/decide"), Route(posthog.flags, _BOTH)),
    formo.PATH: Route(formo.raw_events),
}
"""At their own path only."""

_WITH_KEY = {
    "/v1/projects/{key}/settings": segment.project,
    "/array/{key}/config": posthog.config,
    "/array/{key}/config.js": posthog.config_script,
}
_KEY = re.compile(r"(?<=^/v1/projects/)[^/]+(?=/settings$)|(?<=^/array/)[^/]+(?=/config(?:\.js)?$)")


def template(path: str) -> str:
    """The path without the key that may be in it, for logs."""
    return _KEY.sub("{key}", path)


class Ingest(Services, frozen=True):
    """Answers every request to this function."""

    def answer(self, request: Request) -> Answer:
        """Raises DomainError."""
        route = _route(request.path)
        if route is None:
            raise NoSuchPath
        if request.method == "OPTIONS":
            return Answer(204, None, (("allow", route.allow),))
        if request.method not in route.methods:
            return not_allowed(request, route.allow)
        return route.endpoint(self, request)


def _route(path: str) -> Route | None:
    route = OURS.get(split(path)[1]) or THEIRS.get(path)
    if route is not None:
        return route
    key = _KEY.search(path)
    return Route(partial(_WITH_KEY[template(path)], key=key[0]), _GET) if key else None
