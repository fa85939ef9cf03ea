"""A field of events as SQL: what kind of value it has in a row, and the value."""

import re
from decimal import Decimal
from itertools import pairwise

from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.names import OWN
from groundswell.analytics.questions.values import Object, Value, canonical, decoded, key_of, number, order
from groundswell.events.eventlog.shapes import pick, shred

_NUMBER = r"-?[1-9][0-9]{0,77}(\.[0-9]+)?|0|0\.0+|-?0\.0{0,4}[1-9][0-9]*"
"""Spelled by its digits alone, whose canonical spelling drops no more than zeros behind the point."""
_WHOLE_NUMBER = "-?[0-9]+"
_LOSSY = r"[:\[,]\s*-?[0-9.]{17,}|[:\[,]\s*-?[0-9.]+[eE]"
"""JSON with numbers that DuckDB may read otherwise: more digits than a double has, and exponents."""
_SIMPLE = re.compile(r'[^"\\*\[\]]+')
_DEEPEST = 4


class Term:
    """`columns` are to be selected FROM events; all other expressions are over them."""

    def __init__(self, field: Field, number: int, only: str | None = None) -> None:
        """`only` is SQL that says of which events it is asked; of all if None."""
        self.field = field
        self.only = only
        self._name = f"f{number}"
        self._json = field.path not in OWN

    @property
    def columns(self) -> list[str]:
        return self._json_columns() if self._json else [f"{self.field.path} AS {self._name}"]

    def _json_columns(self) -> list[str]:
        part, _, rest = self.field.path.partition(".")
        steps = rest.split(".")
        if len(steps) > _DEEPEST or not all(map(_SIMPLE.fullmatch, steps)):
            return [f"NULL::VARCHAR AS {self._name}", f"{self._where_needed(part)} AS {self._name}_whole"]
        path = ".".join(f'"{step}"' for step in steps).replace("'", "''")
        extracted = self._where_needed(f"json_extract({part}, '$.{path}')::VARCHAR")
        return [f"{extracted} AS {self._name}", f"{self._where_needed(self._whole(part, steps))} AS {self._name}_whole"]

    def _where_needed(self, sql: str) -> str:
        return f"CASE WHEN {self.only} THEN {sql} END" if self.only else sql

    def _whole(self, part: str, steps: list[str]) -> str:
        """The part, where what SQL took out of it may not be what the log says: numbers of many digits, and what lies
        below a key with a dot in it."""
        dotted = [f"{one}.{other}".replace("'", "''") for one, other in pairwise(steps)]
        keys = " OR ".join(f"contains({part}, '{key}')" for key in dotted) or "false"
        name = self._name
        return (
            f"CASE WHEN {name} IS NULL THEN CASE WHEN {keys} THEN {part} END "
            f"WHEN starts_with({name}, '\"') OR {name} IN ('true', 'false', 'null') "
            f"OR regexp_full_match({name}, '{_WHOLE_NUMBER}') THEN NULL "
            f"WHEN regexp_matches({part}, '{_LOSSY}') THEN {part} END"
        )

    def cases(self, *, odd: str, text: str, number: str, true: str, false: str, missing: str) -> str:
        """SQL by what kind of value it is."""
        name = self._name
        if self.field.path == "value":
            return f"CASE WHEN {name} IS NULL THEN {missing} WHEN {self.is_number} THEN {number} ELSE {odd} END"
        if not self._json:
            return f"CASE WHEN {name} IS NULL THEN {missing} ELSE {text} END"
        return (
            f"CASE WHEN {name}_whole IS NOT NULL THEN {odd} WHEN {name} IS NULL THEN {missing} "
            f"WHEN {self.is_text} THEN {text} WHEN {name} = 'null' THEN {missing} WHEN {self.is_number} THEN {number} "
            f"WHEN {self.is_true} THEN {true} WHEN {self.is_false} THEN {false} ELSE {odd} END"
        )

    @property
    def odd(self) -> str:
        """Whether SQL cannot tell what it is."""
        if self.field.path == "value":
            return f"NOT coalesce(regexp_full_match({self._name}, '{_NUMBER}'), true)"
        if not self._json:
            return "false"
        plain = " OR ".join((self.is_text, self.is_missing, self.is_number, self.is_true, self.is_false))
        return f"({self._name}_whole IS NOT NULL OR NOT ({plain}))"

    @property
    def raw(self) -> str:
        """What tells odd values apart."""
        if not self._json:
            return self._name
        return f"CASE WHEN {self._name}_whole IS NOT NULL THEN 'w' || {self._name}_whole ELSE 'v' || {self._name} END"

    def value_of(self, raw: str) -> Value:
        if self.field.path == "value":
            return number(raw)
        if not self._json:
            return raw
        if raw[0] == "v":
            return decoded(raw[1:].encode())
        part = self.field.path.partition(".")[0]
        shapes, numbers, columns = shred(part, [raw[1:].encode()])
        (text,) = pick(shapes, numbers, columns, self.field.path)
        return decoded(text) if text else None

    @property
    def is_missing(self) -> str:
        return f"({self._name} IS NULL OR {self._name} = 'null')" if self._json else f"({self._name} IS NULL)"

    @property
    def is_text(self) -> str:
        if self.field.path == "value":
            return "false"
        return f"(coalesce(starts_with({self._name}, '\"'), false))" if self._json else f"({self._name} IS NOT NULL)"

    @property
    def text(self) -> str:
        if not self._json:
            return self._name
        inner = f"substr({self._name}, 2, length({self._name}) - 2)"
        return f"(CASE WHEN contains({self._name}, '\\') THEN {self._name} ->> '$' ELSE {inner} END)"

    @property
    def is_number(self) -> str:
        if not self._json and self.field.path != "value":
            return "false"
        return f"(coalesce(regexp_full_match({self._name}, '{_NUMBER}'), false))"

    @property
    def number(self) -> str:
        """Its one spelling."""
        trimmed = f"rtrim(rtrim({self._name}, '0'), '.')"
        return f"(CASE WHEN contains({self._name}, '.') THEN {trimmed} ELSE {self._name} END)"

    @property
    def is_true(self) -> str:
        return f"({self._name} = 'true')" if self._json else "false"

    @property
    def is_false(self) -> str:
        return f"({self._name} = 'false')" if self._json else "false"


def spelled(value: Value) -> str | None:
    """Its key in answers: see `Emitter.key`."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case Object():
            return str(value)
        case str():
            return f'"{value}'
        case Decimal():
            return str(value)
        case tuple():
            return canonical(value)


def value_of(key: str | None) -> Value:
    """What `spelled` spelled."""
    if key is None:
        return None
    if key[0] == '"':
        return key[1:]
    return Object(key) if key[0] == "{" else decoded(key.encode())


def ordering(key: str | None) -> tuple[str, bool, str]:
    return order(key_of(value_of(key)))
