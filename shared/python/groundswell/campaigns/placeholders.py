"""Texts with `{{variables}}`, and nothing else: no loops, no conditions, no calls.

`{{ first_name }}` is a value; `{{ first_name | there }}` and `{{ first_name | default: "there" }}` say what stands
where there is none. A name's first part may be `lead` (the recipient), which says nothing more; `custom_fields.Seats`
is a field of their own, and so is `Seats`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from groundswell.kernel.errors import FieldProblem

LARGEST = 256 * 1024
"""Characters of a rendered text."""
_PLACE = re.compile(r"\{\{([^{}]{0,300})\}\}")
_NAME = re.compile(r"[^\W\d][\w .\-]{0,99}")
_DEFAULT = re.compile(r"default\s*[:(]\s*(.*?)\s*\)?")
_LEFT = re.compile(r"\{\{|\{%")


@dataclass(frozen=True)
class Variable:
    name: str
    fallback: str | None = None


@dataclass(frozen=True)
class Text:
    """What stands between the variables, and these, in turns."""

    parts: tuple[str | Variable, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(part for part in self.parts if isinstance(part, Variable))

    def missing(self, values: Mapping[str, Any]) -> set[str]:
        """Variables without a value and without a fallback."""
        return {
            variable.name
            for variable in self.variables
            if variable.fallback is None and value_of(variable.name, values) is None
        }

    def render(self, values: Mapping[str, Any], *, html: bool = False) -> str:
        """What is missing is left out. Values are text, never markup. Raises ValueError beyond LARGEST."""
        spelled = (_spelled(part, values, html=html) for part in self.parts)
        text = "".join(spelled)
        if len(text) > LARGEST:
            raise ValueError(f"rendered, it has more than {LARGEST} characters")
        return text


@lru_cache(maxsize=256)
def parse(text: str) -> Text:
    """Raises ValueError that quotes what is no variable."""
    parts: list[str | Variable] = []
    end = 0
    for place in _PLACE.finditer(text):
        parts += [_plain(text[end : place.start()]), _variable(place[1])]
        end = place.end()
    parts.append(_plain(text[end:]))
    return Text(tuple(part for part in parts if part != ""))


def problems(texts: Iterable[tuple[str, str | None]]) -> tuple[FieldProblem, ...]:
    """What is wrong in texts, by field."""
    field_problems = []
    for field, text in texts:
        try:
            parse(text or "")
        except ValueError as error:
            field_problems.append(FieldProblem(field, "placeholder", str(error)))
    return tuple(field_problems)


def value_of(name: str, values: Mapping[str, Any]) -> str | None:
    """The value as text; None where there is none, or an empty one."""
    short = name.removeprefix("lead.")
    for candidate in (name, short):
        value = _at(candidate, values)
        if value is not None:
            return _text(value) or None
    own = values.get("custom_fields")
    return _text(own[short]) or None if isinstance(own, Mapping) and short in own else None


def _at(name: str, values: Mapping[str, Any]) -> Any:
    if name in values:
        return values[name]
    first, dot, rest = name.partition(".")
    inner = values.get(first)
    return _at(rest, inner) if dot and isinstance(inner, Mapping) else None


def _text(value: Any) -> str:
    match value:
        case None | Mapping() | list() | tuple():
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _spelled(part: str | Variable, values: Mapping[str, Any], *, html: bool) -> str:
    if isinstance(part, str):
        return part
    value = value_of(part.name, values)
    if value is None:
        return part.fallback or ""  # the author's own, markup like all around it
    return escape(value) if html else value


def _plain(text: str) -> str:
    if left := _LEFT.search(text):
        raise ValueError(f"{text[left.start() : left.start() + 40]!r} is no variable such as {{{{first_name}}}}")
    return text


def _variable(inside: str) -> Variable:
    name, bar, fallback = (part.strip() for part in inside.partition("|"))
    if not _NAME.fullmatch(name):
        raise ValueError(f"{'{{' + inside[:40] + '}}'!r} is no variable such as {{{{first_name}}}}")
    if not bar:
        return Variable(name)
    named = _DEFAULT.fullmatch(fallback)
    return Variable(name, _unquoted(named[1] if named else fallback))


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text
