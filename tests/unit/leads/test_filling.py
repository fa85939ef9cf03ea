"""Whose the values of somebody are whom a feature met, and what of them is news."""

from datetime import UTC, datetime

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.leads.filling import chosen, filled, identities_of, normalized, without
from groundswell.leads.model import Consent, Lead, Status

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def lead(name="ada", **fields):
    return Lead(name, "c", "me", NOW, NOW, NOW, NOW, version=1, **fields)


def whose(values, *leads):
    named = identities_of(normalized(values))
    return chosen(named, {identity: one for identity in named for one in leads if identity.key in one.keys})


def test_identities_are_compared_in_one_spelling():
    known = normalized({"email": " Ada@A.example", "phone": "030 901820", "locale": "de-DE", "external": {"crm": 7}})

    assert (known["email"], known["phone"], known["external"]) == ("ada@a.example", "+4930901820", {"crm": "7"})


@pytest.mark.parametrize("values", [{"email": "nobody"}, {"phone": "12"}, {"wallet": "0x1"}])
def test_what_is_no_identity_is_refused_by_its_name(values):
    with pytest.raises(Invalid) as refused:
        normalized(values)
    assert [problem.field for problem in refused.value.problems] == list(values)


def test_where_identities_meet_the_emails_lead_wins():
    ada, bob = lead("ada", email="ada@a.example"), lead("bob", phone="+4930901820")

    assert whose({"email": "ada@a.example", "phone": "+4930901820"}, ada, bob) is ada


def test_a_new_email_completes_a_lead_without_one_and_never_renames_one_with_another():
    nameless, other = lead("tg", telegram_chat_id="5"), lead("bob", phone="+4930901820", email="bob@a.example")

    assert whose({"email": "ada@a.example", "telegram_chat_id": "5"}, nameless) is nameless
    assert whose({"email": "ada@a.example", "phone": "+4930901820"}, other) is None
    assert whose({"phone": "+4930901820"}, other) is other


def test_what_others_are_known_by_is_left_to_them():
    named = identities_of({"phone": "+4930901820", "external": {"crm": "7", "erp": "8"}})
    left = without({"phone": "+4930901820", "external": {"crm": "7", "erp": "8"}, "company": "A"}, named[:2])

    assert left == {"external": {"erp": "8"}, "company": "A"}


def test_only_what_is_empty_is_filled():
    consent = Consent("email", granted=False, at=NOW, by="ada")
    ada = lead(first_name="Ada", tags=("a",), custom_fields={"seats": 4}, consent={"email": consent})
    values = {
        "first_name": "Eve",
        "company": "A",
        "status": Status.LOST,
        "tags": ("b", "a"),
        "custom_fields": {"seats": 9, "plan": "x"},
        "consent": {"email": {"granted": True}, "telegram": {"granted": True}},
    }

    assert filled(ada, values) == {
        "company": "A",
        "tags": ("a", "b"),
        "custom_fields": {"plan": "x"},
        "consent": {"telegram": {"granted": True}},
    }


def test_a_full_lead_takes_no_more_and_refuses_nothing():
    full = lead(tags=tuple(f"t{n}" for n in range(20)), external={f"s{n}": "1" for n in range(10)})

    assert filled(full, {"tags": ("more",), "external": {"crm": "7"}}) == {"tags": full.tags, "external": {}}
