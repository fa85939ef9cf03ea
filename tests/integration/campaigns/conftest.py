"""A client whose campaigns run: the API, the outbox, the queue and the sender, as the deployed system has them."""

import json
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from groundswell.access.model import ClientContext, Role
from groundswell.events.coalescer.model import from_message
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Event
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import rota
from groundswell.leads.service import LeadService
from groundswell.leads.store import DynamoLeadStore
from groundswell.tenancy.members.store import DynamoTeam
from tests.backend import Backend
from tests.gateway import Answer, call_handler
from tests.people import People, Person


class Dispatch:
    def __init__(self, backend: Backend, owner: Person) -> None:
        self.backend = backend
        self.owner = owner
        self._leads = 0

    def lead(self, **more: Any) -> str:
        self._leads += 1
        email = f"lead{self._leads}@{self.owner.client_id[-12:]}.example"
        values = {"email": email, "first_name": f"Name{self._leads}", **more}
        if not more:  # past HTTP: many are needed
            who = ClientContext(self.owner.client_id, self.owner.user["org_id"], self.owner.id, Role.OWNER)
            return LeadService(DynamoLeadStore(), DynamoTeam(), rota(), utc_now, new_id).create(who, values).id
        answer = self.owner.post("/leads", values)
        assert answer.status == 201, answer.body
        return answer.data["id"]

    def campaign(self, lead_ids: list[str], **more: Any) -> str:
        body = {
            "name": "Sale",
            "subject": "Hi {{first_name}}",
            "from": {"name": "Shop", "email": "news@shop.example"},
            "body": {
                "html": '<p>Hi {{first_name}} <a href="https://shop.example/a?x=1&amp;y={{first_name}}">go</a></p>'
            },
            "audience": {"lead_ids": lead_ids},
            **more,
        }
        answer = self.owner.post("/campaigns", body)
        assert answer.status == 201, answer.body
        return answer.data["id"]

    def start(self, campaign_id: str) -> Answer:
        return self.owner.post(f"/campaigns/{campaign_id}/send")

    def outbox(self) -> list[str]:
        """Bodies for the sender that wait, and do not any more."""
        bodies = []
        for item in self.backend.items("core"):
            mine = item["kind"]["S"] == "outbox" and self.owner.client_id in item["body"]["S"]
            if mine and item["queue"]["S"] == "campaigns":
                bodies.append(item["body"]["S"])
                key = {"pk": item["pk"], "sk": item["sk"]}
                self.backend.aws.dynamodb.delete_item(TableName=self.backend.resources.tables["core"], Key=key)
        return bodies

    def logged(self) -> list[Event]:
        """What the client's log of events was told, as the coalescer would find it."""
        rows = [item for item in self.backend.items("core") if item["kind"]["S"] == "outbox"]
        bodies = [row["body"]["S"] for row in rows if row["queue"]["S"] == "arrivals"]
        arrived = [arrival for arrival in map(from_message, bodies) if arrival.client_id == self.owner.client_id]
        return [event for arrival in arrived for event in Block(arrival.block).events]

    def waiting(self) -> list[str]:
        return [*self.outbox(), *(message["Body"] for message in self.backend.messages("campaigns"))]

    def handle(self, *bodies: str) -> list[str]:
        """Which messages came back."""
        records = [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]
        answer = call_handler(self.backend, "campaign_sender", {"Records": records})
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def run(self) -> None:
        """Everything that is waiting, until nothing is."""
        while bodies := self.waiting():
            assert self.handle(*bodies) == []

    def sweep(self, campaign_id: str) -> None:
        """What the watch does: whatever waits is looked at now, delayed or not."""
        order = {
            "order": "sweep",
            "client_id": self.owner.client_id,
            "campaign_id": campaign_id,
            "number": -1,
            "run": 1,
        }
        assert self.handle(json.dumps(order)) == []
        self.run()

    def mails(self) -> list[EmailMessage]:
        rows = [item for item in self.backend.items("ephemeral") if item["pk"]["S"] == "MAILBOX"]
        messages = [message_from_string(row["raw"]["S"], policy=default) for row in rows]
        mine = f"@{self.owner.client_id[-12:]}.example"
        return [message for message in messages if message["To"].endswith(mine)]

    def get(self, campaign_id: str, path: str = "") -> Any:
        return self.owner.get(f"/campaigns/{campaign_id}{path}").data

    def states(self, campaign_id: str) -> dict[str, int]:
        """Those that are not empty; the sum is checked, and that the ledger says the same."""
        stats = self.get(campaign_id, "/stats")
        assert stats["recipients"] == sum(stats["states"].values())
        listed: dict[str, int] = {}
        for delivery in self.get(campaign_id, "/deliveries?limit=100"):
            listed[delivery["state"]] = listed.get(delivery["state"], 0) + 1
        states = {name: number for name, number in stats["states"].items() if number}
        assert states == listed
        return states


@pytest.fixture
def dispatch(moto: Backend, people: People) -> Dispatch:
    moto.configure(PUBLIC_URL="https://api.groundswell.example")
    return Dispatch(moto, people.sign_up())
