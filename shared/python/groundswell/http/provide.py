"""Services as dependencies of routes."""

from collections.abc import Callable
from typing import Any

from fastapi import Depends


def provide(make: Callable[[], object]) -> Any:
    """`Annotated[TaskService, provide(task_service)]`: what `make` gives, on this thread.

    FastAPI hands a plain function to a worker thread, for every dependency of every request, so that others need not
    wait: three times the cost of a small request. A Lambda environment has no others.
    """
    return Depends(_Provider(make))


class _Provider:
    """Equal to what it wraps, so that tests override it by that: `app.dependency_overrides[task_service] = ...`."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    async def __call__(self) -> object:
        return self._make()

    def __eq__(self, other: object) -> bool:
        return self._make == (other._make if isinstance(other, _Provider) else other)

    def __hash__(self) -> int:
        return hash(self._make)
