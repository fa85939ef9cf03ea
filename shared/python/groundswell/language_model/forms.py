"""Reading an answer that is to be JSON of a form."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from groundswell.language_model.model import Form

_BLOCK = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)


class Misfit(Exception):
    """The text says what is wrong, for the model."""


def read_form(text: str, form: Form) -> Any:
    """Raises Misfit. Models like to put JSON into a Markdown block: that is read too."""
    block = _BLOCK.match(text)
    try:
        value = json.loads(block[1] if block else text)
    except ValueError as error:
        raise Misfit(f"not JSON: {error}") from error
    _check(value, form.schema)
    return value


def _check(value: Any, schema: Mapping[str, Any]) -> None:
    import fastjsonschema

    checker: Callable[[Any], Any] = fastjsonschema.compile(dict(schema), use_default=False)
    try:
        checker(value)
    except fastjsonschema.JsonSchemaValueException as error:
        raise Misfit(error.message) from error
