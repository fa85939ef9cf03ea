"""One value, one group, one spelling: at once, as a job and in filters, against a brute force of its own."""

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from gzip import decompress
from itertools import batched

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.analytics.engine.terms import spelled, value_of
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Operator
from groundswell.analytics.questions.kept import answer_name
from groundswell.analytics.questions.values import decoded, key_of, shown
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, Event
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.fakes.rows import row
from tests.unit.analytics.questions.test_jobs import ANY, LOG, NOW, START, WIRE, World, at_once, question

DIGITS = st.integers(-(10**90), 10**90) | st.integers(-3, 3)


@st.composite
def numbers(draw):
    """A number as somebody might write it: with zeros behind, with an exponent, in either case."""
    digits, places, zeros = draw(DIGITS), draw(st.integers(0, 40)), draw(st.integers(0, 3))
    text = f"{Decimal(digits).scaleb(-places) if abs(digits) < 10**20 else digits:f}"
    text = text if "." in text or not zeros else f"{text}."
    text = f"{text}{'0' * zeros}" if "." in text else text
    exponent = draw(st.sampled_from(["", "e0", "E+2", "e-3", "E5"]))
    return f"-{text}" if draw(st.booleans()) and text[0] != "-" else f"{text}{exponent}"


TEXTS = st.sampled_from(["1", "1.0", "true", "null", "", "ü", '{"a":1}', "[1]", "\ud83d\ude00"]) | st.text(max_size=3)
SCALARS = (
    numbers()
    | st.sampled_from(["1", "1.0", "1e0", "10E-1", "0", "-0", "-0.0", "0e9", "true", "false", "null"])
    | st.builds(json.dumps, TEXTS)
    | st.builds(lambda text: json.dumps(text, ensure_ascii=False), st.text(st.characters(codec="utf-8"), max_size=3))
)


def arrays(inner):
    return st.lists(inner, max_size=3).map(lambda elements: f"[{', '.join(elements)}]")


def objects(inner):
    names = st.sampled_from(["a", "b", "ü"])
    return st.lists(st.tuples(names, inner), max_size=3, unique_by=lambda pair: pair[0]).map(
        lambda pairs: "{" + " , ".join(f"{json.dumps(name)}: {value}" for name, value in pairs) + "}"
    )


RAWS = st.recursive(SCALARS, lambda inner: arrays(inner) | objects(inner), max_leaves=5)


def told_apart(raw):
    """What the value is, by rules of its own: fractions for numbers, and the type beside everything."""

    return named(json.loads(raw, parse_int=Fraction, parse_float=Fraction))


def named(value):
    match value:
        case list():
            return "array", tuple(map(named, value))
        case dict():
            return "object", tuple(sorted(((name, named(member)) for name, member in value.items()), key=str))
        case str():
            return "text", value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case bool() | None:
            return str(value), None
        case _:
            return "number", value


def test_values_that_python_or_their_text_would_take_for_equal_are_groups_of_their_own():
    alike = ["1", "true", "[1]", "[true]", '{"a":1}', '"{\\"a\\":1}"', '[{"a":1}]', '["{\\"a\\":1}"]', '"1"', '"true"']

    assert len({key_of(decoded(raw.encode())) for raw in alike}) == len(alike)


@given(RAWS, RAWS)
@settings(max_examples=500)
def test_two_values_are_one_group_exactly_when_their_json_is_equal(one, other):
    mine, theirs = (key_of(decoded(raw.encode())) for raw in (one, other))

    assert (mine == theirs) is (told_apart(one) == told_apart(other))
    if mine == theirs:
        assert WIRE.encode(shown(mine[1])) == WIRE.encode(shown(theirs[1]))


@given(RAWS)
@settings(max_examples=500)
def test_a_value_keeps_its_digits_in_an_answer_and_in_sql(raw):
    value = decoded(raw.encode())

    kept = value_of(spelled(value))

    assert key_of(kept) == key_of(value)
    assert WIRE.encode(shown(kept)) == WIRE.encode(shown(value))
    assert told_apart(WIRE.encode(shown(value))) == told_apart(raw)


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("1.0", "1"),
        ("1e2", "100"),
        ("-0", "0"),
        ("0e99999999999999999999", "0"),
        ("0.100", "0.1"),
        ("1" * 100, "1" * 100),
        (f"{2**256}.0", str(2**256)),
        ("15e998", "1.5E+999"),
        ('{"b": 1.0, "a": [true, "\\u00fc"]}', '{"a":[true,"ü"],"b":1}'),
        ('"\\ud83d"', '"�"'),
        ("1e99999999999999999999", '"1e99999999999999999999"'),
    ],
)
def test_a_group_has_one_spelling(raw, written):
    assert WIRE.encode(shown(decoded(raw.encode()))).decode() == written


@given(RAWS)
def test_a_filter_takes_for_equal_what_is_one_group(raw):
    wanted = decoded(raw.encode())
    if isinstance(wanted, tuple):
        return
    seen = row(1)._replace(block=Saying(raw.encode()), position=0)

    assert Condition(Field("properties.x"), Operator.EQ, wanted).holds(seen)
    assert Condition(Field("properties.x"), Operator.IN, ("?", wanted)).holds(seen)
    assert not Condition(Field("properties.x"), Operator.NEQ, wanted).holds(seen)


class Saying:
    def __init__(self, raw):
        self.raw = raw

    def column(self, path):
        return [self.raw]


def test_an_events_value_is_a_number_however_it_is_written():
    rows = [row(1, value="12.50"), row(2, value="12.5"), row(3, value=None)]

    assert {Field("value").of(row) for row in rows} == {Decimal("12.5"), None}
    for wanted in (Decimal("12.5"), "12.500", "12.5"):
        assert Condition(Field("value"), Operator.EQ, wanted).holds(rows[0])
        assert Condition(Field("value"), Operator.IN, (wanted,)).holds(rows[1])


def said(raws):
    """Everything is said twice, by seven persons in turn."""
    world = World(0)
    events = [
        Event(
            id=f"{at}",
            kind="track",
            name="said",
            ts=START + 6 * HOUR + at,
            user_id=f"user {at % 7}",
            properties=b'{"x":%s}' % raw.encode(),
        )
        for at, raw in enumerate(raws * 2)
    ]
    for batch in batched(events, 5, strict=False):
        (sk,) = world.store.append(LOG, [data := encode(batch, START + 19 * DAY)], START + 19 * DAY)
        Committer(world.store, lambda: NOW).commit(LOG, [Incoming(sk, Block(data))])
    return world


@given(st.lists(RAWS, min_size=1, max_size=12))
@settings(max_examples=40)
def test_at_once_as_a_job_and_by_brute_force_the_groups_are_the_same(raws):
    world = said(raws)
    body = {"kind": "breakdown", "by": "properties.x", "measure": "count", "of": None, "currency": None, "top": 50}
    steps = {"kind": "funnel", "steps": [ANY, ANY], "within_seconds": 86_400, "by": "properties.x"}

    answer = world.ask(question(body | ANY))
    written = decompress(world.objects.kept[answer_name("client", "id")])
    branches = world.ask(question(steps))

    assert answer == at_once(world.store, body | ANY)
    assert branches == at_once(world.store, steps)
    groups = json.loads(written, parse_int=Fraction, parse_float=Fraction)["groups"]
    counted = [(named(group["group"]), int(group["count"])) for group in groups]
    assert sorted(counted, key=str) == sorted(Counter(map(told_apart, raws * 2)).items(), key=str)
