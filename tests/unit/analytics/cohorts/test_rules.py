"""Who is in a cohort, against a reading of every person's events one by one."""

import random
from decimal import Decimal

import msgspec
import pytest

from groundswell.analytics.cohorts.rules import Definition, Did, HasTrait, members
from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.filters import Condition, Match, Operator
from groundswell.analytics.questions.rows import RowReader
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups import committer as protocol
from tests.unit.events.people.test_who_is_who import Crowd, Oracle, address
from tests.unit.events.rollups.history import START

AT = START + DAY
WHOLE = Window(0, AT + DAY)
TEAM = Condition(Field("properties.plan"), Operator.EQ, "team")


class Customers(Crowd):
    def event(self, number):
        chosen = random.Random(number * 13 + 5)
        plan = msgspec.json.encode({"plan": chosen.choice(["team", "free"])})
        old = chosen.random() < 0.3
        return msgspec.structs.replace(
            super().event(number),
            name=chosen.choice(["bought", "viewed"]),
            ts=START - chosen.randrange(40 * DAY) if old else START + number,
            properties=plan,
            traits=msgspec.json.encode({"level": chosen.randrange(3)}) if chosen.random() < 0.3 else b"",
        )


DEFINITIONS = [
    Definition((Did(Match("bought")),)),
    Definition((Did(Match("bought"), at_least=4), Did(Match("viewed"), at_least=9, negated=True))),
    Definition((Did(Match("bought", (TEAM,)), at_least=6, days=3),)),
    Definition((Did(Match("bought"), at_least=30, days=2), HasTrait("level", Decimal(1))), any_of=True),
    Definition((HasTrait("level", Decimal(2), negated=True), Did(Match(), at_least=3))),
]


def holds(rule, events):
    if isinstance(rule, HasTrait):
        with_traits = [e for e in sorted(events, key=lambda e: e.ts) if e.traits]
        level = msgspec.json.decode(with_traits[-1].traits)["level"] if with_traits else None
        return (level == rule.value) != rule.negated
    since = AT - rule.days * DAY if rule.days else 0
    fitting = [
        e
        for e in events
        if e.ts >= since
        and rule.match.name in (None, e.name)
        and (not rule.match.where or msgspec.json.decode(e.properties)["plan"] == "team")
    ]
    return (len(fitting) >= rule.at_least) != rule.negated


@pytest.mark.parametrize("definition", DEFINITIONS)
@pytest.mark.parametrize("seed", range(4))
def test_members_are_those_that_a_reading_one_by_one_finds(seed, definition, monkeypatch):
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 5)
    world = Customers(seed)
    world.live(rounds=40, crash=0.02 if seed % 2 else 0)
    counted, by_person = world.expected(), {}
    oracle = Oracle(counted)
    for event in counted:
        if event.ts in WHOLE and event.ts >= definition.start(AT):
            person = oracle.person(event.user_id, event.anonymous_id, address(event))
            by_person.setdefault(person, []).append(event)
    by_person.pop(None, None)
    join = any if definition.any_of else all
    expected = sorted(p for p, events in by_person.items() if join(holds(rule, events) for rule in definition.rules))

    rows = RowReader(world.store, "client").between(Window(definition.start(AT), WHOLE.end))

    assert members(rows, definition, AT) == expected
    assert len(expected) < len(by_person) or definition is DEFINITIONS[0]


def test_only_as_much_is_read_as_the_rules_look_back():
    assert Definition((Did(Match(), days=3), Did(Match(), days=7))).start(AT) == AT - 7 * DAY
    assert Definition((Did(Match(), days=3), Did(Match()))).start(AT) == 0
    assert Definition((Did(Match(), days=3), HasTrait("a", None))).start(AT) == 0
