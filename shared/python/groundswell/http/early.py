"""Imports FastAPI without what only OpenAPI documents need: half of its import. To be imported before anything of it.

FastAPI builds the forty models of such documents, and pydantic the tables of the e-mail validator for one of them. Here
they wait for their first use (pydantic's `defer_build`), which in Lambda never comes: the document is made when
packaging. Nor does pydantic search the layer for plugins: there are none. All of this is speed alone: where pydantic
has no such hooks any more, FastAPI is imported as usual.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from pydantic import BaseModel

_NOT_NEEDED = ("email_validator", "python_multipart", "multipart")
"""What FastAPI and Starlette look for at their import: `http.multipart` reads forms with files by itself."""


@contextmanager
def _unbuilt() -> Iterator[None]:
    rebuild = vars(BaseModel)["model_rebuild"]
    absent = [name for name in _NOT_NEEDED if name not in sys.modules]

    def only_when_used(cls: type[BaseModel], /, **how: Any) -> bool | None:
        """FastAPI says nothing about how; pydantic does, at the first use."""
        return rebuild.__func__(cls, **how) if how else None

    BaseModel.model_config["defer_build"] = True
    BaseModel.model_rebuild = classmethod(only_when_used)  # type: ignore[method-assign,assignment]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # what Python takes for "not installed"
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]
        for name in absent:
            del sys.modules[name]


def _has_hooks() -> bool:
    """Whether pydantic still has what `_unbuilt` changes for a while."""
    return isinstance(vars(BaseModel).get("model_rebuild"), classmethod) and isinstance(
        vars(BaseModel).get("model_config"), dict
    )


os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
with _unbuilt() if _has_hooks() else nullcontext():
    import fastapi  # noqa: F401
