"""Which routes a function has on the HTTP API, and which of them API Gateway would choose for a request.

`route_keys` is what CDK creates; `Router` is what the local stage answers by. Both follow
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from infra.catalogue import BYTES_FUNCTION
from infra.declarations import Function, Routes

DEFAULT = "$default"
INGEST_STAGE = "live"  # of the REST API: a part of its URL
PATH_PREFIXES = ("/api/v1", "/api", "")
_GREEDY = "{proxy+}"
_SLASHES = re.compile("/{2,}")


def paths(routes: Routes) -> tuple[str, ...]:
    """The path templates of one declaration, e.g. `/api/v1/tasks` and `/api/v1/tasks/{proxy+}`, …"""
    prefixes = PATH_PREFIXES if routes.prefixes == "three" else ("",)
    ends = (*(("",) if routes.bare else ()), *(("/" + _GREEDY,) if routes.greedy else ()))
    return tuple(prefix + routes.path + end for prefix in prefixes for end in ends)


def route_keys(function: Function) -> tuple[str, ...]:
    """Every route key of a function, e.g. `ANY /tasks`. One that answers what nobody owns needs `$default` alone."""
    if function.default_route:
        return (DEFAULT,)
    return tuple(f"ANY {path}" for routes in function.routes for path in paths(routes))


def patterns(mine: Function, others: Iterable[Function]) -> tuple[str, ...]:
    """CloudFront's path patterns for a function's routes, as few as can be: `/flags*` where nobody else has a path that
    begins so, `/s` and `/s/*` where somebody has.
    """
    prefixes = [_prefix(path) for other in others if other != mine for routes in other.routes for path in paths(routes)]
    path_patterns = dict[str, None]()
    for prefix in {_prefix(path): None for routes in mine.routes for path in paths(routes)}:
        shared = any(path.startswith(prefix) for path in prefixes)
        path_patterns |= dict.fromkeys((prefix, f"{prefix}/*") if shared else (f"{prefix}*",))
    return tuple(path_patterns)


def program_patterns(functions: Iterable[Function]) -> tuple[str, ...]:
    """CloudFront's path patterns of what other programs call, without those below another."""
    routes = [routes for function in functions for routes in function.routes if routes.by_programs]
    prefixes = sorted({_prefix(path) + "/" for route in routes for path in paths(route)})
    return tuple(
        f"{prefix}*"
        for prefix in prefixes
        if not any(prefix != other and prefix.startswith(other) for other in prefixes)
    )


def _prefix(path: str) -> str:
    return path.removesuffix(f"/{_GREEDY}")


@dataclass(frozen=True)
class Match:
    """The route that takes a request. `parameters` are the template's variables, without braces and `+`."""

    function: Function
    route_key: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class _Route:
    function: Function
    key: str
    segments: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, ...]:
        """Sorts by API Gateway's priority: segment by segment a literal beats a variable beats a greedy one."""
        return tuple(_segment_rank(segment) for segment in self.segments)

    def parameters(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """The variables' values if this template matches, else None. A greedy one also takes a last slash."""
        template = self.segments
        values: dict[str, str] = {}
        if template[-1] == _GREEDY:
            rest = segments[len(template) - 1 :]
            if not rest:
                return None
            values["proxy"] = "/".join(rest)
            template, segments = template[:-1], segments[: len(template) - 1]
        if len(template) != len(segments):
            return None
        for name, value in zip(template, segments, strict=True):
            if _segment_rank(name) == 0:
                if name != value:
                    return None
            elif not value:
                return None
            else:
                values[name.strip("{}")] = value
        return values


def _segment_rank(segment: str) -> int:
    if segment == _GREEDY:
        return 2
    return 1 if segment.startswith("{") else 0


class Router:
    """Chooses the function for a path, as an HTTP API with the routes of all these functions would."""

    def __init__(self, functions: Iterable[Function]) -> None:
        owned = [(function, key) for function in functions for key in route_keys(function)]
        doubled = {key for _, key in owned if sum(key == other for _, other in owned) > 1}
        if doubled:
            raise ValueError(f"declared twice: {', '.join(sorted(doubled))}")
        self._default = next((function for function, key in owned if key == DEFAULT), None)
        routes = (_Route(function, key, _split(key.partition(" ")[2])) for function, key in owned if key != DEFAULT)
        self._routes = sorted(routes, key=lambda route: route.rank)

    def match(self, path: str) -> Match | None:
        """The route for a decoded path, or None where not even `$default` exists.

        SDKs join `https://host/` and `/events`. What they post goes to the REST API, where one greedy route takes every
        path; CloudFront counts slashes once when it chooses the API, and passes the path on as it came:
        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html.
        """
        match = self._owned(path)
        if match is None and "//" in path:
            match = self._owned(_SLASHES.sub("/", path))
            match = match if match and match.function.name == BYTES_FUNCTION else None
        if match is None and self._default:
            return Match(self._default, DEFAULT, {})
        return match

    def _owned(self, path: str) -> Match | None:
        segments = _split(path)
        for route in self._routes:
            parameters = route.parameters(segments)
            if parameters is not None:
                return Match(route.function, route.key, parameters)
        return None


def _split(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix("/").split("/"))
