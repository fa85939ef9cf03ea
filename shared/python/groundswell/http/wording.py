"""What is wrong with a field, in our own words: pydantic's are about Python, and change with its versions."""

from collections.abc import Mapping
from typing import Any

_WORDS = {
    "missing": "is required",
    "extra_forbidden": "there is no such field",
    "none_required": "must be null",
    "string_type": "must be text",
    "string_unicode": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "decimal_max_digits": "must have at most {max_digits} digits",
    "decimal_max_places": "must have at most {decimal_places} decimal places",
    "decimal_whole_digits": "must have at most {whole_digits} digits before the point",
    "finite_number": "must be a finite number",
    "multiple_of": "must be a multiple of {multiple_of}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "union_tag_invalid": "{discriminator} must be one of {expected_tags}",
    "union_tag_not_found": "{discriminator} is required",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "set_type": "must be a list",
    "iterable_type": "must be a list",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "mapping_type": "must be an object",
    "url_type": "must be a web address",
    "url_parsing": "must be a web address",
    "url_syntax_violation": "must be a web address",
    "url_scheme": "must begin with {expected_schemes}",
    "url_too_long": "must have at most {max_length} characters",
    "timezone_aware": "must have an offset, such as Z",
    "json_invalid": "must be JSON",
    "json_type": "must be JSON",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
}
_TIMES = ("datetime", "date", "time")


def wording(kind: str, message: str, context: Mapping[str, Any] | None = None) -> str:
    """What to say for pydantic's error of that type. Our own validators' words (`ValueError`) stay as they are."""
    if kind in ("value_error", "assertion_error"):
        return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if kind.partition("_")[0] in _TIMES:
        return "must be a time such as 2026-11-22T09:00:00Z"
    return _WORDS.get(kind, "is not valid").format_map(context or {})
