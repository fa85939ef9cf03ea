"""Nothing of campaigns outlives a client, and nothing of a person their erasure."""

from groundswell.personal_data.identifiers import Identifier, IdKind
from tests.backend import Backend
from tests.integration.campaigns.conftest import Dispatch


def _texts(backend: Backend, word: str) -> list[str]:
    rows = [row for row in backend.items("core") if word in str(row)]
    kinds = [row for row in rows if row["kind"]["S"].startswith(("campaign", "template", "sender", "campaigns_row"))]
    return [f"{row['pk']['S']} {row['sk']['S']}" for row in kinds]


def test_who_is_forgotten_is_in_no_record_and_who_leaves_takes_all_along(dispatch: Dispatch) -> None:
    from groundswell.campaigns.privacy import personal_data

    client = dispatch.owner.client_id
    leads = [dispatch.lead() for _ in range(3)]
    template = {"name": "T", "subject": "Hi", "html": "<p>Hi</p>"}
    dispatch.owner.post("/communication/email/templates", template)
    campaign = dispatch.campaign(leads)
    dispatch.start(campaign)
    dispatch.run()
    stores = personal_data()
    person = [Identifier(IdKind.LEAD, leads[0])]
    records = stores[0].tell(client, person, None).records
    assert [(record["campaign_id"], record["to"].partition("@")[0]) for record in records] == [(campaign, "lead1")]

    for _ in range(2):
        stores[0].forget(client, person)
    assert [text for text in _texts(dispatch.backend, leads[0]) if not text.endswith(" CAMPAIGN")] == []
    assert _texts(dispatch.backend, "lead1@") == []
    assert dispatch.states(campaign) == {"sent": 3}

    killed = stores[0].purge(client)
    for _ in range(4):  # its deliveries are gone then, and itself
        next(killed)
    killed.close()
    for store in stores:
        assert sum(store.purge(client)) > 0 or store.kind in ("senders", "sequences")
    assert _texts(dispatch.backend, client) == []
