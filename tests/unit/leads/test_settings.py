"""Types of custom fields, stages and turns, and who hears what of a lead."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.leads.filling import typed
from groundswell.leads.history import changes_between
from groundswell.leads.model import Lead, Status
from groundswell.leads.news import messages_of
from groundswell.leads.settings.model import LeadSettings, Stage
from groundswell.leads.settings.service import Rota
from groundswell.leads.settings.types import CustomField, FieldType, converted, problem

NOW = datetime(2026, 11, 30, tzinfo=UTC)
GOOD = {
    FieldType.TEXT: ("x", ""),
    FieldType.NUMBER: (1, 1.5, -3),
    FieldType.BOOLEAN: (True, False),
    FieldType.DATE: ("2026-11-30",),
    FieldType.DATETIME: ("2026-11-30T09:00:00Z", "2026-11-30T09:00:00+02:00"),
    FieldType.CHOICE: ("free", "pro"),
}
BAD = {
    FieldType.TEXT: (1, True),
    FieldType.NUMBER: ("1", True, float("nan")),
    FieldType.BOOLEAN: (1, "yes"),
    FieldType.DATE: ("2026-02-30", "20261130", "2026-11-30T09:00:00Z", 5),
    FieldType.DATETIME: ("2026-11-30T09:00:00", "2026-11-30", 5),
    FieldType.CHOICE: ("gold", 1),
}


def field(of):
    return CustomField("f", of, ("free", "pro") if of is FieldType.CHOICE else ())


@pytest.mark.parametrize("of", FieldType)
def test_a_field_takes_values_of_its_type_alone(of):
    assert [problem(field(of), value) for value in GOOD[of]] == [None] * len(GOOD[of])
    assert all(problem(field(of), value) for value in BAD[of])


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        ("number", "7", 7),
        ("number", "1.50", 1.5),
        ("boolean", "Ja", True),
        ("boolean", "0", False),
        ("choice", "PRO", "pro"),
    ],
)
def test_a_text_becomes_the_value_that_it_means(of, text, value):
    assert converted(field(FieldType(of)), text) == value
    with pytest.raises(ValueError, match=r"\w"):
        converted(field(FieldType(of)), "something else")


def test_values_of_another_type_are_named_and_what_a_form_says_is_read_or_left_out():
    settings = LeadSettings("c", (field(FieldType.NUMBER), CustomField("b", FieldType.BOOLEAN)))

    with pytest.raises(Invalid) as refused:
        settings.need_values({"custom_fields": {"f": "x", "b": True, "other": "x"}})
    assert [problem.field for problem in refused.value.problems] == ["custom_fields.f"]
    settings.need_values({"custom_fields": {"f": None}})
    form = {"custom_fields": {"f": "7", "b": "maybe", "other": "x"}}
    assert typed(settings, form)["custom_fields"] == {"f": 7, "other": "x"}


@pytest.mark.parametrize(
    "settings",
    [
        LeadSettings("c", (CustomField("f", FieldType.CHOICE),)),
        LeadSettings("c", (CustomField("f", FieldType.TEXT, ("a",)),)),
        LeadSettings("c", (field(FieldType.TEXT), field(FieldType.NUMBER))),
        LeadSettings("c", stages=(Stage(Status.NEW, "a"), Stage(Status.NEW, "b"))),
        LeadSettings("c", round_robin=("a", "a")),
    ],
)
def test_settings_that_contradict_themselves_are_refused(settings):
    with pytest.raises(Invalid):
        settings.check()


def test_every_status_is_a_stage_once_those_that_were_named_first():
    settings = LeadSettings("c", stages=(Stage(Status.LOST, "Gone"), Stage(Status.NEW, "Inbox")))
    assert [(stage.status.value, stage.name) for stage in settings.pipeline][:3] == [
        ("lost", "Gone"),
        ("new", "Inbox"),
        ("contacted", "Contacted"),
    ]
    assert {stage.status for stage in settings.pipeline} == set(Status)


class Turns:
    def __init__(self):
        self.turn = 0

    def next_turn(self, _client):
        self.turn += 1
        return self.turn


class Team:
    def __init__(self, *working):
        self.people = working

    def working(self, _client, _org, ids):
        return {identifier for identifier in ids if identifier in self.people}


def test_owners_take_turns_and_whoever_left_is_passed_over():
    settings = LeadSettings("c", round_robin=("a", "b", "c"))

    rota = Rota(Turns(), Team("a", "c"))
    assert [rota.next_owner(settings, "o") for _ in range(4)] == ["a", "c", "a", "c"]
    assert Rota(Turns(), Team()).next_owner(settings, "o") is None
    assert Rota(Turns(), Team("a")).next_owner(LeadSettings("c"), "o") is None


def notices(before, after, by="boss"):
    changes = changes_between(before, after) if before else ()
    payloads = (json.loads(message.body) for message in messages_of(before, after, changes, by, "s", NOW))
    return {payload["kind"]: (payload["user_ids"], payload["text"]) for payload in payloads}


def test_the_owner_and_watchers_hear_of_a_lead_and_nobody_of_what_they_did_themselves():
    lead = Lead("l", "c", "boss", NOW, NOW, NOW, NOW, email="ada@a.example", company="Engines", watchers=("w",))
    owned = replace(lead, owner_id="o")

    assert notices(None, owned)["lead.assigned"] == (["o"], "A lead of Engines is yours now")
    assert notices(lead, replace(owned, watchers=("w", "v"))) == {
        "lead.assigned": (["o"], "A lead of Engines is yours now"),
        "lead.watching": (["v"], "You watch a lead of Engines"),
    }
    moved = notices(owned, replace(owned, status=Status.LOST, title="x"))
    assert moved == {"lead.status": (["o", "w"], "A lead of Engines went from new to lost")}
    changed = notices(owned, replace(owned, title="x", custom_fields={"a": 1}), by="o")
    assert changed == {"lead.changed": (["w"], "A lead of Engines changed: title, a")}
    assert notices(owned, replace(owned, list_ids=("l",))) == {}
    assert notices(None, replace(lead, watchers=(), owner_id="api_key:x")) == {}
