"""Questions as SQL: what fields say and which events match, so that values mean what `questions.values` says.

A value that SQL reads like we do (texts, numbers of so many digits, true, false, nothing) is judged in place. Any other
(objects, arrays, numbers with exponents, texts that are times, numbers that a double does not hold) is odd: a statement
that meets one fails with `ODD`, the question's `probes` list those that there are, and the statement is made again with
the verdicts of `questions.filters` on each.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from groundswell.analytics.engine.model import ODD, Statement
from groundswell.analytics.engine.terms import Term, spelled
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.values import Value
from groundswell.events.eventlog.window import Window

type Odd = Mapping[str, Sequence[str]]
"""By the path of a field, the odd values that there are."""
_PARAMETER = re.compile(r"\$(start|end|v[0-9]+)\b")
_OWN = ("ts", "block", "position", "who", "name", "kind", "session_id")


class Emitter:
    def __init__(self, window: Window, odd: Odd | None = None) -> None:
        """`window` is whose events are read. `odd` is what probes found; None before."""
        self.parameters: dict[str, Any] = {"start": window.start, "end": window.end}
        self._terms: dict[str, Term] = {}
        self._columns = dict.fromkeys(_OWN)
        self._odd = odd
        self._doubts: dict[str, list[str]] = {}

    def bind(self, value: Any) -> str:
        """A parameter's name."""
        name = f"v{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def term(self, field: Field, only: str | None = None) -> Term:
        """`only` is SQL that says of which events it is asked: of others it is not read."""
        term = self._terms.setdefault(field.path, Term(field, len(self._terms), only))
        term.only = only if term.only == only else None
        return term

    def columns(self, *names: str) -> None:
        """That `picked` is to have, too."""
        self._columns |= dict.fromkeys(names)

    def judged(self, term: Term, when: str, verdict: Callable[[Value], Any], kind: str) -> str:
        """What is found of an odd value: SQL of that type. `when` is SQL that says whether it is asked for."""
        self._doubts.setdefault(term.field.path, []).append(when)
        if self._odd is None:
            return f"error('{ODD}')::{kind}"
        raws = self._odd.get(term.field.path, ())
        verdicts = {raw: verdict(term.value_of(raw)) for raw in raws}
        if kind == "BOOLEAN":
            yes = self.bind([raw for raw, result in verdicts.items() if result])
            return f"({term.raw} IN (SELECT unnest({yes}::VARCHAR[])))"
        known = {raw: result for raw, result in verdicts.items() if result is not None}
        return self._looked_up(term.raw, known, kind)

    def key(self, field: Field) -> str:
        """SQL of a value's one spelling: `"` and a text, a number, `true`, `false`, JSON; NULL for nothing."""
        term = self.term(field)
        odd = self.judged(term, term.odd, spelled, "VARCHAR")
        text = f"'\"' || {term.text}"
        return term.cases(odd=odd, text=text, number=term.number, true="'true'", false="'false'", missing="NULL")

    def order(self, field: Field, key: str) -> str:
        """SQL of the text by which equally large groups are ordered, of SQL of their keys: see `values.order`."""
        values = map(self.term(field).value_of, (self._odd or {}).get(field.path, ()))
        arrays = {spelled(value): str(value) for value in values if isinstance(value, tuple)}
        inner = f"substr({key}, 2)"
        case = f"CASE WHEN {key} IS NULL THEN 'None' WHEN starts_with({key}, '\"') THEN {inner}"
        if arrays:
            case += f" WHEN starts_with({key}, '[') THEN {self._looked_up(key, arrays, 'VARCHAR')}"
        return f"{case} WHEN {key} = 'true' THEN 'True' WHEN {key} = 'false' THEN 'False' ELSE {key} END"

    def _looked_up(self, raw: str, known: Mapping[Any, Any], kind: str) -> str:
        keys, values = self.bind(list(known)), self.bind(list(known.values()))
        listed = f"SELECT unnest({keys}::VARCHAR[]) AS raw, unnest({values}::{kind}[]) AS found"
        return f"(SELECT any_value(found) FROM ({listed}) AS odd WHERE odd.raw = {raw})"

    def statement(self, ctes: Iterable[str], sql: str, *, keep: bool = True) -> Statement:
        """Over `picked`, the events read. DuckDB keeps what is named twice; unless `keep`, it reads it again, which is
        less work where the second reading is of few events."""
        picked = f"picked AS {'' if keep else 'NOT MATERIALIZED '}({self._picked()})"
        text = f"WITH {', '.join([picked, *ctes])} {sql}"
        named = set(_PARAMETER.findall(text))
        return Statement(text, {name: value for name, value in self.parameters.items() if name in named})

    def probes(self) -> dict[str, Statement]:
        """Of each field whose values may be odd."""
        return {path: self._probe(path, doubts) for path, doubts in self._doubts.items()}

    def _probe(self, path: str, doubts: Sequence[str]) -> Statement:
        term = self._terms[path]
        when = " OR ".join(f"({doubt})" for doubt in dict.fromkeys(doubts))
        sql = (
            f"WITH picked AS (SELECT {', '.join(term.columns)} FROM logged WHERE ts >= $start AND ts < $end) "
            f"SELECT DISTINCT {term.raw} FROM picked WHERE {when}"
        )
        return Statement(sql, {"start": self.parameters["start"], "end": self.parameters["end"]})

    def _picked(self) -> str:
        columns = [*self._columns, *(column for term in self._terms.values() for column in term.columns)]
        return f"SELECT {', '.join(columns)} FROM logged WHERE ts >= $start AND ts < $end"
