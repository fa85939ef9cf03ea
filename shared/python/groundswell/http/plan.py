"""What a route asks its dependencies, put in order once.

FastAPI walks the tree of them at every request: for each a coroutine, ten dictionaries and thirty calls to find out
what never changes, a third of a request. Here the tree is a list, worked out when the route is. What FastAPI alone can
do (bodies, forms, generators, threads) it still does: such a route has no plan.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi._compat import ModelField, is_scalar_field
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_validation_alias, request_params_to_args
from fastapi.exceptions import RequestValidationError
from starlette._utils import is_async_callable

_FAILED = object()


@dataclass(frozen=True, slots=True)
class _Parameter:
    """`simple` ones are one text or nothing; of all others FastAPI makes what it makes of them."""

    name: str
    alias: str
    source: str
    field: ModelField
    simple: bool
    where: tuple[str, str]

    def read(self, request: Request, values: dict[str, Any], errors: list[Any]) -> None:
        received = getattr(request, self.source)
        text = received.get(self.alias) if self.simple else None
        if text is not None:
            value, wrong = self.field.validate(text, loc=self.where)
            values[self.name] = value
        elif self.simple and not self.field.field_info.is_required():
            values[self.name] = self.field.field_info.default
            return
        else:
            found, wrong = request_params_to_args([self.field], received)
            values.update(found)
        errors.extend(wrong)


@dataclass(frozen=True, slots=True)
class _Step:
    """One call. `given` says which argument is the result of which step before."""

    call: Callable[..., Awaitable[Any]]
    given: tuple[tuple[str | None, int], ...]
    parameters: tuple[_Parameter, ...]
    request: str | None
    response: str | None


class Plan:
    def __init__(self, steps: tuple[_Step, ...]) -> None:
        *self._before, self._last = steps
        self._answers = any(step.response for step in steps)

    @classmethod
    def of(cls, dependant: Dependant) -> "Plan | None":
        """None for what only FastAPI can do."""
        steps: dict[Any, _Step] = {}
        return cls(tuple(steps.values())) if _add(dependant, steps) else None

    async def solve(self, request: Request) -> tuple[dict[str, Any], Response | None]:
        """The endpoint's arguments, and the response whose status and headers were set. Raises RequestValidationError
        with all that is wrong."""
        response = _unsaid() if self._answers else None
        results: list[Any] = []
        errors: list[Any] = []
        for step in self._before:
            values = _arguments(step, results, request, response, errors)
            results.append(_FAILED if values is None else await step.call(**values))
        values = _arguments(self._last, results, request, response, errors)
        if values is None or errors:
            raise RequestValidationError(errors)
        return values, response


def _arguments(
    step: _Step, results: list[Any], request: Request, response: Response | None, errors: list[Any]
) -> dict[str, Any] | None:
    """None when something is wrong with them, or was with what they come from."""
    known = len(errors)
    values: dict[str, Any] = {name: results[number] for name, number in step.given if name}
    for parameter in step.parameters:
        parameter.read(request, values, errors)
    if step.request:
        values[step.request] = request
    if step.response:
        values[step.response] = response
    failed = len(errors) > known or (errors and any(results[number] is _FAILED for _, number in step.given))
    return None if failed else values


def _unsaid() -> Response:
    response = Response()
    response.raw_headers.clear()
    response.status_code = None  # type: ignore[assignment]  # as FastAPI gives it to dependencies
    return response


def _add(dependant: Dependant, steps: dict[Any, _Step]) -> bool:
    """Depth first: what a step is given is there before it, in FastAPI's own order. Whether it can be done."""
    if not _is_plain(dependant) or not all(_add(each, steps) for each in dependant.dependencies):
        return False
    numbers = {call: number for number, call in enumerate(steps)}
    call = dependant.call
    steps.setdefault(
        call,
        _Step(
            call,  # type: ignore[arg-type]  # not None, or it would not be plain
            tuple((each.name, numbers[each.call]) for each in dependant.dependencies),
            tuple(_parameters(dependant)),
            dependant.request_param_name or dependant.http_connection_param_name,
            dependant.response_param_name,
        ),
    )
    return True


def _is_plain(dependant: Dependant) -> bool:
    odd = (
        dependant.body_params,
        dependant.websocket_param_name,
        dependant.background_tasks_param_name,
        dependant.security_scopes_param_name,
        dependant.own_oauth_scopes,
        dependant.concurrency,
        not dependant.use_cache,
    )
    return not any(odd) and is_async_callable(dependant.call)


def _parameters(dependant: Dependant) -> Iterator[_Parameter]:
    for place, source, fields in (
        ("path", "path_params", dependant.path_params),
        ("query", "query_params", dependant.query_params),
        ("header", "headers", dependant.header_params),
        ("cookie", "cookies", dependant.cookie_params),
    ):
        for field in fields:
            alias = get_validation_alias(field)
            yield _Parameter(field.name, alias, source, field, _is_simple(field), (place, alias))


def _is_simple(field: ModelField) -> bool:
    info = field.field_info
    one_name = isinstance(info.validation_alias, (str, type(None)))
    plain_default = info.default_factory is None and isinstance(info.default, (str, int, type(None)))
    optional = plain_default and not info.validate_default
    return is_scalar_field(field) and one_name and (info.is_required() or optional)
