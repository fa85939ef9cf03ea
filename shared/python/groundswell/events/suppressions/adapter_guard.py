"""API keys with what ingestion must know of their client: as fresh as the key, and read with it in one call."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from groundswell.access.adapter_keys import DynamoKeyStore, key_grant
from groundswell.access.model import KeyGrant
from groundswell.events.ingest.sites import site_of
from groundswell.events.suppressions.keys import LIST, partition
from groundswell.personal_data.identifiers import SIZE
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_REMEMBERED = 1_000
_CLIENT = "CLIENT"


class _Known(NamedTuple):
    """Whom and what a client does not want, and its own sites."""

    people: frozenset[bytes]
    names: frozenset[str]
    sites: frozenset[str]


class GuardedKeys(DynamoKeyStore):
    """A key store that reads its client and the suppression list whenever it reads a key. Only a key's first read in
    a process takes two calls, and is its note of use as well."""

    def __init__(self) -> None:
        self._clients: dict[str, str] = {}
        self._lists: dict[str, _Known] = {}

    def presented(self, public_id: str, secret_hash: str, at: int) -> KeyGrant | None:
        """The key, if there is one. Its secret is the caller's to compare."""
        client_id = self._clients.get(public_id)
        if client_id is None:
            return self._met(self.used(public_id, secret_hash, at))
        items = _items([_key("KEY#" + public_id, "KEY"), *_of_client(client_id)])
        self._lists[client_id] = _known(items)
        return key_grant(public_id, items["KEY"]) if "KEY" in items else None

    def suppressed(self, client_id: str) -> frozenset[bytes]:
        """The digests of whom the client does not want, as of the last read of one of its keys."""
        return (self._lists.get(client_id) or self._read(client_id)).people

    def blocked(self, client_id: str) -> frozenset[str]:
        """The names of events that the client does not want, as of then."""
        return (self._lists.get(client_id) or self._read(client_id)).names

    def sites(self, client_id: str) -> frozenset[str]:
        """The client's own sites, as of then: its website, and where its browsers' events may come from."""
        return (self._lists.get(client_id) or self._read(client_id)).sites

    def _met(self, grant: KeyGrant | None) -> KeyGrant | None:
        if grant is not None:
            if len(self._lists) >= _REMEMBERED:
                self._clients.clear()
                self._lists.clear()
            self._read(grant.client_id)
            self._clients[grant.public_id] = grant.client_id
        return grant

    def _read(self, client_id: str) -> _Known:
        self._lists[client_id] = _known(_items(_of_client(client_id)))
        return self._lists[client_id]


def _items(keys: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """By sort key. What DynamoDB has no time for together is read one by one."""
    table = table_name("core")
    reply: Any = dynamodb().batch_get_item(RequestItems={table: {"Keys": keys}})
    items = list(reply["Responses"].get(table, ()))
    for key in reply.get("UnprocessedKeys", {}).get(table, {}).get("Keys", ()):
        items += filter(None, [dynamodb().get_item(TableName=table, Key=key).get("Item")])
    return {item["sk"]["S"]: item for item in items}


def _of_client(client_id: str) -> list[dict[str, Any]]:
    return [_key(partition(client_id), LIST), _key(f"CLIENT#{client_id}", _CLIENT)]


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _known(items: Mapping[str, Any]) -> _Known:
    listed, client = items.get(LIST, {}), items.get(_CLIENT, {})
    raw = listed["digests"]["B"] if listed else b""
    people = frozenset(raw[at : at + SIZE] for at in range(0, len(raw), SIZE))
    return _Known(people, frozenset(listed.get("blocked", {}).get("SS", ())), _sites(client))


def _sites(client: Mapping[str, Any]) -> frozenset[str]:
    values = [client.get("website", {}), *client.get("allowed_origins", {}).get("L", ())]
    return frozenset(filter(None, (site_of(value.get("S", "")) for value in values)))
