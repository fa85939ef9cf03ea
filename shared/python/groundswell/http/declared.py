"""Which query parameters a route takes: those that it and its dependencies declare."""

from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import Response

from groundswell.http.location import Handle
from groundswell.http.query import need_known

_MANY = (list, set, tuple, frozenset, Sequence)


def strict(handle: Handle, route: APIRoute) -> Handle:
    """The handler, for requests without any other parameters. Raises Invalid for all others."""
    takes = dict(query_parameters(route.dependant))

    async def answer(request: Request) -> Response:
        if request.scope["query_string"]:
            need_known((name for name, _ in request.query_params.multi_items()), takes)
        return await handle(request)

    return answer


def query_parameters(dependant: Any) -> Iterator[tuple[str, bool]]:
    """Every name, and whether it may be repeated."""
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from ((field.alias or name, _is_list(field.annotation)) for name, field in kind.model_fields.items())
        else:
            yield field.alias, _is_list(kind)
    for dependency in dependant.dependencies:
        yield from query_parameters(dependency)


def _is_list(kind: Any) -> bool:
    """`list[str]`, `list[str] | None` and their like."""
    if isinstance(kind, TypeAliasType):
        return _is_list(kind.__value__)
    origin = get_origin(kind)
    if origin in (Annotated, Union, UnionType):
        return any(map(_is_list, get_args(kind)))
    return (origin or kind) in _MANY
