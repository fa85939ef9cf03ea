"""Somebody who sends events and reads them back."""

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.store import DynamoEventLog
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.kernel.clock import utc_now


class Tenant:
    """Somebody with a client, who sends events and waits until they are counted."""

    def __init__(self, person):
        self.person = person
        self.client_id = person.client_id
        self.events_path = f"/dashboard/client-companies/{self.client_id}/events"
        self._keys = {}

    def key(self, *scopes):
        if scopes not in self._keys:
            body = {"name": "test", "scopes": list(scopes)}
            made = self.person.post(f"/clients/{self.client_id}/api-keys", body)
            assert made.status == 201, made.body
            self._keys[scopes] = made.data["api_key"]
        return self._keys[scopes]

    def send(self, events, headers=None):
        headers = {"x-api-key": self.key("events:write")} | (headers or {})
        answer = self.person.gateway.post("/sdk/event", events, headers=headers)
        assert answer.status == 202, answer.body
        self.count("0")
        return answer

    def count(self, shard):
        """What the stream's consumer does."""
        backend, log = self.person.gateway.backend, Log(self.client_id, shard)
        store = DynamoEventLog(backend.aws.dynamodb, backend.resources.tables["events"])
        blocks = [Incoming(sk, Block(data)) for sk, data in store.blocks_between(log, "B#", "C")]
        Committer(store, utc_now).commit(log, blocks)

    def events(self, query="", path=None):
        return self.person.get(f"{path or self.events_path}?{query}")

    def series(self, query):
        return self.person.get(f"/analytics/metrics/?client_id={self.client_id}&{query}")
