"""Texts in paths and queries are bounded, whether or not their route says so: they are looked for as keys."""

from annotated_types import MaxLen
from fastapi.dependencies.models import Dependant

from groundswell.http.schema import LONGEST_TEXT

_TEXTS = (str, str | None)


def bound(dependant: Dependant) -> None:
    """A route's parameters and those of its dependencies; the API's description says it too."""
    for field in (*dependant.path_params, *dependant.query_params):
        info = field.field_info
        if info.annotation in _TEXTS and not any(isinstance(constraint, MaxLen) for constraint in info.metadata):
            info.metadata.append(MaxLen(LONGEST_TEXT))
            field.__post_init__()  # builds what validates it
    for dependency in dependant.dependencies:
        bound(dependency)
