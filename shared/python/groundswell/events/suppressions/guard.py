"""API keys with their client's suppression list beside them: as fresh as the key, and read with it in one call."""

from typing import Any, NamedTuple

from groundswell.access.keystore import DynamoKeyStore, key_grant
from groundswell.access.model import KeyGrant
from groundswell.events.eventlog.identifiers import SIZE
from groundswell.events.suppressions.keys import LIST, partition
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_REMEMBERED = 1_000


class _Unwanted(NamedTuple):
    people: frozenset[bytes]
    names: frozenset[str]


class GuardedKeys(DynamoKeyStore):
    """A key store that reads the list whenever it reads a key. Only a key's first read in a process takes two calls,
    and is its note of use as well."""

    def __init__(self) -> None:
        self._clients: dict[str, str] = {}
        self._lists: dict[str, _Unwanted] = {}

    def presented(self, public_id: str, secret_hash: str, at: int) -> KeyGrant | None:
        """The key, if there is one. Its secret is the caller's to compare."""
        client_id = self._clients.get(public_id)
        if client_id is None:
            return self._met(self.used(public_id, secret_hash, at))
        key, listed = _key("KEY#" + public_id, "KEY"), _key(partition(client_id), LIST)
        reply = dynamodb().batch_get_item(RequestItems={table_name("core"): {"Keys": [key, listed]}})
        if reply.get("UnprocessedKeys"):
            return self._met(self.grant(public_id))
        found = {item["sk"]["S"]: item for item in reply["Responses"].get(table_name("core"), ())}
        self._lists[client_id] = _unwanted(found.get(LIST))
        return key_grant(public_id, found["KEY"]) if "KEY" in found else None

    def suppressed(self, client_id: str) -> frozenset[bytes]:
        """The digests of whom the client does not want, as of the last read of one of its keys."""
        return (self._lists.get(client_id) or self._read(client_id)).people

    def blocked(self, client_id: str) -> frozenset[str]:
        """The names of events that the client does not want, as of then."""
        return (self._lists.get(client_id) or self._read(client_id)).names

    def _met(self, grant: KeyGrant | None) -> KeyGrant | None:
        if grant is not None:
            if len(self._lists) >= _REMEMBERED:
                self._clients.clear()
                self._lists.clear()
            self._read(grant.client_id)
            self._clients[grant.public_id] = grant.client_id
        return grant

    def _read(self, client_id: str) -> _Unwanted:
        item = dynamodb().get_item(TableName=table_name("core"), Key=_key(partition(client_id), LIST)).get("Item")
        self._lists[client_id] = _unwanted(item)
        return self._lists[client_id]


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _unwanted(item: Any) -> _Unwanted:
    raw = item["digests"]["B"] if item else b""
    names = item.get("blocked", {}).get("SS", ()) if item else ()
    people = frozenset(raw[at : at + SIZE] for at in range(0, len(raw), SIZE))
    return _Unwanted(people, frozenset(names))
