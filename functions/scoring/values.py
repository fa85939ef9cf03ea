"""Values that rules compare with, and that leads have."""

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

Scalar = (
    Annotated[str, StringConstraints(max_length=2000)] | StrictBool | int | Annotated[float, Field(allow_inf_nan=False)]
)
