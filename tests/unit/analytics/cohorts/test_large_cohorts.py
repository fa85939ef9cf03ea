"""Cohorts that a worker takes by SQL: wherever workers die, the list is the one taken at once in Python."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from groundswell.analytics.cohorts import question, rules
from groundswell.analytics.cohorts.job import CohortJob
from groundswell.analytics.cohorts.model import CohortNotFound
from groundswell.analytics.cohorts.rules import members
from groundswell.analytics.cohorts.service import CohortService
from groundswell.analytics.cohorts.stored_question import question_of
from groundswell.analytics.questions.kept import forget
from groundswell.analytics.questions.rows import RowReader
from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Somebody
from groundswell.events.people.service import PeopleService
from groundswell.events.rollups import committer as protocol
from groundswell.events.rollups.committer import Committer
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.page import Page
from groundswell.operations.model import Operation, Status
from tests.fakes.engine import answering
from tests.fakes.objects import FakeObjects
from tests.unit.analytics.cohorts.test_rules import Customers
from tests.unit.analytics.questions.test_jobs import NOW, World

PAID = {"name": "paid", "where": [{"field": "value", "operator": "gt", "value": 300}]}
DID = {"did": PAID, "at_least": 1, "days": None, "trait": None, "equals": None, "not": False}
LEFT = DID | {"did": {"name": "left", "where": []}, "at_least": 5, "not": True}
ANYTHING = DID | {"did": {"name": None, "where": []}}


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 4)


class Lists:
    """`CohortStore` in memory."""

    def __init__(self):
        self.cohorts, self.lists = {}, {}

    def page(self, client_id, limit, position):
        return Page(tuple(self.cohorts.values())[:limit])

    def get(self, client_id, cohort_id):
        try:
            return self.cohorts[cohort_id]
        except KeyError:
            raise CohortNotFound from None

    def put_members(self, cohort, persons):
        self.lists.setdefault(cohort.list_id, list(persons))

    def members(self, cohort, limit, position):
        return Page(tuple(self.lists[cohort.list_id][:limit]))

    def delete_members(self, cohort):
        self.lists.pop(cohort.list_id, None)

    def forget(self, client_id, persons):
        for name, cohort_persons in self.lists.items():
            self.lists[name] = [person for person in cohort_persons if person not in persons]
        return 0

    def put(self, cohort, entry):
        present = self.cohorts.get(cohort.id)
        if cohort.version != (present.version if present else 0):
            raise PreconditionFailed
        self.cohorts[cohort.id] = replace(cohort, version=cohort.version + 1)
        return self.cohorts[cohort.id]


class Taking:
    def __init__(self, criteria=(DID,), match="all", events=300):
        self.world, self.objects, self.lists = World(events), FakeObjects(), Lists()
        self.question = json.dumps({"name": "c", "match": match, "rules": list(criteria)})

    def job(self):
        return CohortJob(
            answering(self.world.store, NOW, getattr(self.world, "lake", None)), self.objects, self.lists, lambda: NOW
        )

    def operation(self, before=None, number=1):
        cohort = {"id": "cohort", "name": "c", "definition": self.question, "action": "cohort.created"}
        state = {"question": self.question, "cohort": cohort, "before": before}
        return Operation(f"operation{number}", "client", "org", "cohort", "ada", NOW, NOW, state=state)

    def run(self, operation, between=lambda number: None):
        """Every step is done by a new worker, after another one did it whose result nobody saved."""
        for number in range(10_000):
            if operation.over:
                break
            between(number)
            self.job().step(operation)
            between(number + 0.5)
            operation = self.job().step(operation)
            operation = Operation(**{**vars(operation), "state": json.loads(json.dumps(operation.state))})
        assert operation.status is Status.SUCCEEDED
        self.steps = number
        return operation

    def at_once(self):
        at = round(NOW.timestamp() * 1000)
        definition = question_of(self.question, at).definition
        return members(RowReader(self.world.store, "client").between(definition.window(at)), definition, at)

    def erase(self, user):
        """As the erasure job does it: from the log, then from lists."""
        people = PeopleService(self.world.store)
        known = people.identifiers_of("client", user)
        target = Somebody.named(known)
        affected_blocks = find(self.world.store.blocks_between(protocol.Log("client", "0"), "B#", "C"), target)
        decides = Committer(self.world.store, lambda: NOW)
        Eraser(self.world.store, decides, lambda: NOW).erase(protocol.Log("client", "0"), affected_blocks, target)
        people.forget("client", known)
        service = CohortService(self.world.store, self.lists, None, lambda: NOW, lambda: "another")
        service.forget("client", [identifier.value for identifier in known])
        forget(self.objects, "client")

    @property
    def listed(self):
        return self.lists.lists[self.lists.cohorts["cohort"].list_id]


@pytest.mark.parametrize(
    ("some", "match"), [([DID], "all"), ([DID, LEFT], "all"), ([DID, LEFT | {"days": 9}], "any"), ([ANYTHING], "all")]
)
def test_a_worker_takes_whom_a_request_takes_wherever_workers_die(some, match):
    taking = Taking(some, match)

    done = taking.run(taking.operation())

    expected = taking.at_once()
    assert taking.listed == expected
    assert len(expected) > 2
    assert taking.steps == 3
    cohort = taking.lists.cohorts["cohort"]
    assert (cohort.size, cohort.version, cohort.created_by) == (len(expected), 1, "ada")
    assert {name: done.result[name] for name in ("cohort_id", "size", "events")} == {
        "cohort_id": "cohort", "size": len(expected), "events": done.result["events"]
    }  # fmt: skip
    assert list(taking.lists.lists) == [cohort.list_id]
    assert list(taking.objects.names("")) == []


@pytest.mark.parametrize("negated", [False, True])
def test_traits_are_those_that_events_say_also_when_they_are_set_aside(negated):
    taking = Taking([DID | {"did": None, "trait": "level", "equals": 2, "not": negated}], events=0)
    taking.world = Customers(3)
    taking.world.live(rounds=30, crash=0)

    taking.run(taking.operation())

    assert taking.listed == taking.at_once()
    assert len(taking.listed) > 1


def test_taken_anew_the_old_list_stands_until_the_new_one_does():
    taking = Taking()
    taking.run(taking.operation())
    first = taking.lists.cohorts["cohort"]
    before, versions = [first.name, first.definition], set()

    def look(number):
        taking.world.send(7 if number < 2 else 0)
        assert taking.listed
        versions.add(taking.lists.cohorts["cohort"].list_id)

    taking.run(taking.operation(before, 2), look)

    assert versions == {first.list_id, taking.lists.cohorts["cohort"].list_id}
    assert len(versions) == 2
    assert list(taking.lists.lists) == [taking.lists.cohorts["cohort"].list_id]


@pytest.mark.parametrize("when", [number / 2 for number in range(1, 6)])
def test_whoever_is_erased_while_it_is_taken_is_not_in_it(when):
    taking = Taking([ANYTHING])
    assert "user 3" in taking.at_once()

    taking.run(taking.operation(), lambda number: taking.erase("user 3") if number == when else None)

    assert taking.steps > when
    assert taking.listed == taking.at_once()
    assert "user 3" not in taking.listed
    assert all("user 3" not in members for members in taking.lists.lists.values())
    assert len(taking.lists.lists) == 1
    assert list(taking.objects.names("")) == []


def test_one_that_writes_its_list_after_the_erasure_cleaned_the_lists_takes_it_back():
    taking = Taking([ANYTHING])
    write, erased = taking.lists.put_members, []

    def late(cohort, persons):
        if not erased:
            erased.append(taking.erase("user 3"))
        write(cohort, persons)

    publish = taking.lists.put

    def published(cohort, entry):
        assert "user 3" not in taking.lists.lists[cohort.list_id], "not for a moment"
        return publish(cohort, entry)

    taking.lists.put_members, taking.lists.put = late, published
    taking.run(taking.operation())

    assert erased
    assert "user 3" not in taking.listed
    assert len(taking.lists.lists) == 1


def test_more_persons_than_a_cohort_holds_are_refused_and_leave_nothing(monkeypatch):
    monkeypatch.setattr(question, "MEMBERS_AT_MOST", 5)
    taking = Taking([ANYTHING])

    with pytest.raises(Invalid, match="More than 100000 persons"):
        taking.run(taking.operation())
    assert (taking.lists.cohorts, taking.lists.lists, list(taking.objects.names(""))) == ({}, {}, [])


@pytest.mark.parametrize(("change", "reason"), [("delete", "deleted meanwhile"), ("define", "defined anew meanwhile")])
def test_of_a_cohort_that_is_another_by_then_nothing_is_changed(change, reason):
    taking = Taking()
    taking.run(taking.operation())
    first = taking.lists.cohorts["cohort"]

    def meanwhile(number):
        if number == 1 and change == "delete":
            del taking.lists.cohorts["cohort"]
        if number == 1 and change == "define":
            taking.lists.cohorts["cohort"] = replace(first, definition="{}")

    with pytest.raises(Invalid, match=reason):
        taking.run(taking.operation([first.name, first.definition], 2), meanwhile)
    assert list(taking.lists.lists) == [first.list_id]


def test_numbers_of_a_definition_keep_their_digits():
    rule = '{"did":null,"at_least":1,"days":null,"trait":"size","equals":0.10000000000000000000000001,"not":true}'
    (parsed,) = question_of(f'{{"match":"all","rules":[{rule}]}}', 0).definition.rules

    assert parsed == rules.HasTrait("size", Decimal("0.10000000000000000000000001"), negated=True)
