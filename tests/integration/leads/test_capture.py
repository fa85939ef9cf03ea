"""People whom features meet become leads: repeated, at once, and known already."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.access.model import ClientContext, Role
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_activity import DynamoActivityStore
from groundswell.leads.adapter_wiring import lead_capture, lead_service
from groundswell.leads.model import Filter, IdentityRequired
from groundswell.leads.timeline import Entry

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
DOWNLOADED = Entry("download-1", AT, "whitepaper", "downloaded", "Downloaded Growth 101")
ADA = {"email": "ada@a.example", "first_name": "Ada", "source": "whitepaper"}


@pytest.fixture
def who():
    return ClientContext(new_id(), "org", "public", Role.VIEWER)


def entries(who, lead):
    return [entry.event for entry in DynamoActivityStore().entries(who.client_id, lead.id, 10, None)]


def test_whoever_is_met_again_is_the_same_lead_and_a_repeat_changes_nothing(moto, who, calls):
    made = lead_capture().capture(who, ADA, DOWNLOADED)
    with calls.counted() as repeated:
        again = lead_capture().capture(who, {"email": "ADA@a.example"}, replace(DOWNLOADED, at=AT + timedelta(hours=1)))

    assert (again.id, again.first_name, again.version) == (made.id, "Ada", 1)
    assert entries(who, made) == ["downloaded"]
    assert repeated.count("TransactWriteItems") <= 1
    more = lead_capture().capture(who, {"email": "ada@a.example", "first_name": "Eve", "company": "Engines"})
    assert (more.id, more.first_name, more.company, more.version) == (made.id, "Ada", "Engines", 2)
    [change] = lead_service().history(who.client_id, made.id, 10, None).items
    assert (change.field, change.after, change.by) == ("company", "Engines", "public")


def test_where_identities_meet_the_emails_lead_takes_the_rest_and_nothing_is_joined(moto, who):
    ada = lead_capture().capture(who, {"email": "ada@a.example"})
    bob = lead_capture().capture(who, {"phone": "+49 30 901820"})
    met = lead_capture().capture(
        who, {"email": "ada@a.example", "phone": "+49 30 901820", "distinct_id": "u1"}, DOWNLOADED
    )

    assert (met.id, met.phone, met.distinct_id) == (ada.id, None, "u1")
    assert lead_service().get(who.client_id, bob.id) == bob
    assert entries(who, met) == ["downloaded"]


def test_somebody_without_an_identity_is_nobody(moto, who):
    with pytest.raises(IdentityRequired):
        lead_capture().capture(who, {"first_name": "Ada"})


@pytest.mark.emulator
def test_of_eight_at_once_one_lead_comes_and_every_tag_stays(emulator, who):
    def met(number):
        return lead_capture().capture(who, {**ADA, "tags": (f"t{number}",)}, DOWNLOADED)

    with ThreadPoolExecutor(8) as pool:
        leads = list(pool.map(met, range(8)))

    [stored] = lead_service().list(who.client_id, Filter(), None, 10, None).page.items
    assert {lead.id for lead in leads} == {stored.id}
    assert sorted(stored.tags) == [f"t{number}" for number in range(8)]
    assert entries(who, stored) == ["downloaded"]
