"""Lambda's event filter patterns, as far as the features use them.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html: a record passes if every key of the
pattern matches. A list holds alternatives: literals, `prefix`, `suffix`, `exists`, `anything-but`, `numeric`.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_ABSENT = object()
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def passes(record: Mapping[str, Any], patterns: Sequence[Mapping[str, Any]]) -> bool:
    """True if any of the patterns matches, or if there is none. Raises for a pattern it does not know."""
    return not patterns or any(_matches(record, pattern) for pattern in patterns)


def _matches(value: Any, pattern: Any) -> bool:
    if isinstance(pattern, Mapping):
        return all(_matches(_member(value, key), expected) for key, expected in pattern.items())
    if not isinstance(pattern, list):
        raise TypeError(f"a pattern's leaf is a list of alternatives, not {pattern!r}")
    return any(_matches_one(value, alternative) for alternative in pattern)


def _member(value: Any, key: str) -> Any:
    return value.get(key, _ABSENT) if isinstance(value, Mapping) else _ABSENT


def _matches_one(value: Any, alternative: Any) -> bool:
    if not isinstance(alternative, Mapping):
        return type(value) is type(alternative) and bool(value == alternative)
    if len(alternative) != 1:
        raise ValueError(f"one word to an alternative: {alternative!r}")
    word, expected = next(iter(alternative.items()))
    if word not in _WORDS:
        raise ValueError(f"unknown word in a filter pattern: {word!r}")
    return _WORDS[word](value, expected)


def _prefix(value: Any, expected: str) -> bool:
    return isinstance(value, str) and value.startswith(expected)


def _suffix(value: Any, expected: str) -> bool:
    return isinstance(value, str) and value.endswith(expected)


def _exists(value: Any, expected: bool) -> bool:
    # Only leaves exist, for Lambda: a map is no value.
    return (value is not _ABSENT and not isinstance(value, Mapping)) == expected


def _anything_but(value: Any, expected: Any) -> bool:
    if value is _ABSENT:
        return False
    if isinstance(expected, Mapping):
        return not _matches_one(value, expected)
    return value not in (expected if isinstance(expected, list) else [expected])


def _numeric(value: Any, expected: Sequence[Any]) -> bool:
    """`["<", 10]` or `[">", 0, "<=", 5]`. DynamoDB's numbers are strings in a record, and count as numbers here."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    try:
        number = float(value)
    except ValueError:
        return False
    pairs = zip(expected[::2], expected[1::2], strict=True)
    return all(_COMPARE[sign](number, limit) for sign, limit in pairs)


_WORDS: dict[str, Callable[[Any, Any], bool]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "exists": _exists,
    "anything-but": _anything_but,
    "numeric": _numeric,
}
