"""A route that is put together when it is first needed: a cold start pays for the one it answers, not for all."""

from collections.abc import Callable
from threading import RLock
from typing import Any

from fastapi.routing import APIRoute
from starlette import routing

_building = RLock()


class LateRoute(APIRoute):
    """Knows from the start what it takes to be matched; its dependencies and schemas wait.

    A route costs 3 ms, so that a function's would double its cold start. What is wrong with one shows when the
    OpenAPI document is built, which is before anything is deployed. Where Starlette has no `compile_path` any more, a
    route is put together when it is first looked at.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self._build: Callable[[], None] | None = lambda: APIRoute.__init__(self, path, endpoint, **options)
        compile_path = getattr(routing, "compile_path", None)
        if compile_path is None:
            return
        self.path = path
        self.endpoint = endpoint
        self.methods = {method.upper() for method in options.get("methods") or ("GET",)}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)

    def __getattr__(self, name: str) -> Any:
        """Only for what is not there yet."""
        with _building:
            build, self._build = self.__dict__.get("_build"), None
            if build is not None:
                build()
        if name not in self.__dict__:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return self.__dict__[name]
