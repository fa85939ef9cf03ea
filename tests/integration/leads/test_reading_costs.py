"""What a page of leads costs: the same calls whatever there is, and never more than three beside the edge's."""

import pytest

from groundswell.access.model import ClientContext, Role
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import rota
from groundswell.leads.model import Filter, Order
from groundswell.leads.service import LeadService
from groundswell.leads.store import DynamoLeadStore
from groundswell.tenancy.members.store import DynamoTeam

WHO = ClientContext("many", "org", "somebody", Role.ADMIN)


@pytest.fixture
def leads(moto):
    return LeadService(DynamoLeadStore(), DynamoTeam(), rota(), utc_now, new_id)


def fill(leads, number):
    there = leads.list(WHO.client_id, Filter(), None, 1, None).total
    for at in range(there, number):
        leads.create(WHO, {"email": f"p{at}@x.example", "first_name": "Pat", "source": "web", "tags": ("a",)})


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        (Filter(), None),
        (Filter(), Order("score")),
        (Filter(), Order("last_activity_at")),
        (Filter(statuses=("new",)), Order("score")),
        (Filter(statuses=("new", "lost")), None),
        (Filter(sources=("web",)), Order("last_activity_at")),
        (Filter(tags=("a",)), None),
        (Filter(domains=("x.example",)), None),
        (Filter(text="pat"), None),
    ],
)
def test_a_page_is_full_at_three_reads_whatever_there_is(leads, calls, wanted, order):
    costs = []
    for more in (20, 40):
        fill(leads, more)
        with calls.counted() as made:
            listing = leads.list(WHO.client_id, wanted, order, 10, None)
        assert len(listing.page.items) == 10
        costs.append(len(made))

    assert costs[0] == costs[1] <= 3


def test_a_new_lead_costs_one_read_and_one_transaction(leads, calls):
    with calls.counted() as made:
        leads.create(WHO, {"email": "calls@x.example"})

    assert made == ["BatchGetItem", "TransactWriteItems"]
