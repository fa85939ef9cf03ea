"""What events say, as SQL: the fields of questions as expressions over `events`, and values bound as parameters.

The meaning is that of `questions.values`: numbers are equal by value, true, 1 and their texts are different, null is
nothing. Numbers of JSON with a fraction have the 17 digits of a double, which is how DuckDB reads JSON.
"""

from dataclasses import dataclass, field
from typing import Any

from groundswell.analytics.engine.views import quoted
from groundswell.kernel.errors import Invalid

TEXTS = (
    *("name", "kind", "person", "user_id", "anonymous_id", "session_id", "wallet", "currency", "path", "url"),
    *("referrer", "utm_source", "utm_medium", "utm_campaign", "country", "device", "browser", "os", "chain"),
)
PARTS = ("properties", "traits", "context", "web3", "source", "extra")
PERSON = "person"
LONGEST = 300
WHOLE, FRACTION = 78, 30
"""Digits of an amount: a uint256, and wei's eighteen decimals."""
PEOPLE = "people AS MATERIALIZED"
"""In statements that need all history: traits are those of the persons' last events."""
AMOUNT = rf"-?[0-9]{{1,{WHOLE}}}(\.[0-9]{{1,{FRACTION}}})?"
KNOWN = ", ".join((*TEXTS, "value", *(f"{part}.*" for part in PARTS), "person.*"))


@dataclass(frozen=True)
class Column:
    """One field of an event. `text` is SQL for its text, NULL if it is no text; `number` for its digits, NULL if it is
    no number; `json` for what tells values apart: JSON, or `text` itself where the field is always text."""

    text: str
    number: str
    json: str
    is_text: bool = False

    @property
    def amount(self) -> str:
        """As decimal digits, from a number or its text; NULL for anything that sums could not keep exactly."""
        # JSON writes what is very large or small with an exponent.
        kinds = ("DECIMAL(38, 18)", "HUGEINT")
        long = f"coalesce({', '.join(f'try_cast({self.number} AS {kind})::VARCHAR' for kind in kinds)})"
        plain = f"CASE WHEN contains({self.number}, 'e') THEN {long} ELSE {self.number} END"
        text = f"coalesce({self.text}, {plain})"
        return f"CASE WHEN regexp_full_match({text}, '{AMOUNT}') THEN {text} END"

    @property
    def decimal(self) -> str:
        return f"try_cast({self.amount} AS DECIMAL(38, 18))"

    @property
    def double(self) -> str:
        return f"try_cast(coalesce({self.number}, {self.amount}) AS DOUBLE)"


@dataclass
class QueryContext:
    """What one statement needs besides its own words: parameters by name, and traits of persons to join."""

    parameters: dict[str, Any] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)
    cohorts: dict[str, str] = field(default_factory=dict)

    def bind(self, value: Any, kind: str = "VARCHAR") -> str:
        """A value of the caller's, never as text of the statement."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}::{kind}"

    def members(self, cohort: str) -> str:
        """Who is in a cohort: a list, filled in when the statement runs."""
        name = f"c{len(self.cohorts)}"
        self.cohorts[name] = cohort
        return f"${name}::VARCHAR[]"

    def column(self, path: str) -> Column:
        """Raises Invalid on `field`."""
        check(path)
        if path in TEXTS:
            return Column(f"events.{path}", "NULL::VARCHAR", f"events.{path}", is_text=True)
        if path == "value":
            return Column("NULL::VARCHAR", "events.value_text", _canonical("events.value_text"))
        part, _, rest = path.partition(".")
        if part == PERSON:
            return of_json(f"people.{self.traits.setdefault(rest, f't{len(self.traits)}')}")
        return of_json(f"json_extract(events.{part}, {_path(rest)})")

    @property
    def people(self) -> str:
        """A table of the traits asked for, as the persons' last events left them; empty if none are."""
        if not self.traits:
            return ""
        columns = ", ".join(f"{_trait(name)} AS {column}" for name, column in self.traits.items())
        source = "FROM events WHERE person IS NOT NULL AND kind <> 'group' GROUP BY person"
        return f"{PEOPLE} (SELECT person, {columns} {source}), "

    @property
    def join(self) -> str:
        return " LEFT JOIN people ON people.person = events.person" if self.traits else ""


def check(path: str, where: str = "field") -> None:
    """Raises Invalid."""
    part, _, rest = path.partition(".")
    known = path in (*TEXTS, "value") or (part in (*PARTS, PERSON) and all(rest.split(".")))
    if len(path) > LONGEST or not known or "\0" in path:
        raise Invalid.on(where, f"no field of events: one of {KNOWN}")


def of_json(expression: str) -> Column:
    text = f"CASE WHEN json_type({expression}) = 'VARCHAR' THEN {expression} ->> '$' END"
    spelled = f"{expression}::VARCHAR"
    number = f"CASE WHEN regexp_matches({spelled}, '^[-0-9]') THEN {spelled} END"
    value = (
        f"CASE WHEN regexp_matches({spelled}, '^[-0-9]') THEN {_canonical(spelled)} ELSE nullif({spelled}, 'null') END"
    )
    return Column(text, number, value)


def _canonical(number: str) -> str:
    short = rf"regexp_replace(regexp_replace({number}, '(\.[0-9]*?)0+$', '\1'), '\.$', '')"
    return f"CASE WHEN {short} = '-0' THEN '0' ELSE {short} END"


def _path(names: str) -> str:
    members = (name.replace("\\", "\\\\").replace('"', '\\"') for name in names.split("."))
    return quoted("$" + "".join(f'."{name}"' for name in members))


def _trait(name: str) -> str:
    """As `people.traits.merged` puts it together: the last value that was set, or else the first that was set once."""
    inner = _path(name)[2:-1]
    always = f"coalesce({_json_member('extra', '$set', inner)}, {_json_member('properties', '$set', inner)})"
    once = f"coalesce({_json_member('extra', '$set_once', inner)}, {_json_member('properties', '$set_once', inner)})"
    value = f"coalesce({always}, json_extract(traits, '${inner}'))"
    sticks = f"({once} IS NOT NULL AND {always} IS NULL)"
    last = f"arg_max({value}, (ts, received_at)) FILTER ({value} IS NOT NULL AND NOT {sticks})"
    any_of = f"coalesce({value}, {once})"
    return f"coalesce({last}, arg_min({any_of}, (ts, received_at)) FILTER ({any_of} IS NOT NULL))"


def _json_member(part: str, member: str, inner: str) -> str:
    return f"json_extract({part}, '$.\"{member}\"{inner}')"
