"""Webhooks of platforms: whose they are, whether they are the platform's, and what to do about them, once."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from groundswell.integrations.catalogue import platform
from groundswell.integrations.intake import Followers, Objects, changed
from groundswell.integrations.model import Connection
from groundswell.integrations.platform import Hook, Platform
from groundswell.integrations.records import Malformed, record
from groundswell.kernel.errors import Invalid, NotFound

LARGEST = 1_000_000


class HookUnknown(NotFound):
    code = "HOOK_NOT_FOUND"
    message = "Nobody listens at this address"


class SignatureInvalid(Invalid):
    code = "SIGNATURE_INVALID"
    message = "The signature does not fit the body, or is too old"


class HookStore(Protocol):
    def connection(self, client_id: str, platform: str) -> Connection | None: ...

    def heard(self, client_id: str, platform: str, event_id: str) -> bool:
        """Whether that event came before."""

    def note(self, client_id: str, platform: str, event_id: str, due: datetime | None) -> bool:
        """Remember the event, and have the connection synced at `due`. Whether it is new."""


@dataclass(frozen=True)
class Ways:
    secrets: Callable[[str, str], Mapping[str, str]]
    """All credentials of a connection, with the stage's app."""
    now: Callable[[], datetime]
    wall: Callable[[], float]
    due: Callable[[datetime], datetime]


class HookService:
    """The token of an address is `<client id>.<secret>`."""

    def __init__(self, store: HookStore, objects: Objects, followers: Callable[[], Followers], ways: Ways) -> None:
        self._store = store
        self._objects = objects
        self._followers = followers
        self._ways = ways

    def hear(self, name: str, token: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether it is news. Raises HookUnknown, SignatureInvalid, Invalid."""
        named, hook, connection = self._of(name, token)
        secret = self._ways.secrets(connection.client_id, named.name).get(hook.secret, "")
        if not secret or not hook.verify(secret, headers, body, self._ways.wall()):
            raise SignatureInvalid
        content = _json(body)
        event_id = hook.event_id(headers, content)[:200]
        if not event_id:
            raise Invalid.on("body", "the event has no id")
        if self._store.heard(connection.client_id, named.name, event_id):
            return False
        streams = hook.streams(headers, content)
        direct = self._take(named, hook, connection, headers, content)
        due = self._ways.due(self._ways.now()) if streams and not direct else None
        return self._store.note(connection.client_id, named.name, event_id, due)

    def challenge(self, name: str, token: str, query: Mapping[str, str]) -> str:
        """Meta's question whether the address is ours: `hub.verify_token` is the token's secret part. Raises
        HookUnknown, SignatureInvalid."""
        _, _, connection = self._of(name, token)
        verify_token = query.get("hub.verify_token", "")
        if query.get("hub.mode") != "subscribe" or not hmac.compare_digest(
            verify_token.encode(), connection.hook.encode()
        ):
            raise SignatureInvalid
        return query.get("hub.challenge", "")[:200]

    def _of(self, name: str, token: str) -> tuple[Platform, Hook, Connection]:
        named = platform(name)
        client_id, _, secret = token.partition(".")
        connection = self._store.connection(client_id, named.name) if client_id and secret else None
        if named.hook is None or connection is None or not connection.live:
            raise HookUnknown
        if not hmac.compare_digest(secret.encode(), connection.hook.encode()):
            raise HookUnknown
        return named, named.hook, connection

    def _take(
        self, named: Platform, hook: Hook, connection: Connection, headers: Mapping[str, str], content: Any
    ) -> bool:
        """Records that the event itself holds, unless something newer is known. Whether it held any."""
        if hook.records is None:
            return False
        client_id, followers = connection.client_id, self._followers()
        as_of = _time(content) or self._ways.now()
        has_records = False
        for stream_name, raw in hook.records(headers, content):
            stream = named.stream(stream_name)
            if stream is None:
                continue
            try:
                account = connection.accounts[0]
                after = record(stream, account, raw, connection.settings)
            except Malformed as reason:
                raise Invalid.on("body", str(reason)) from reason
            has_records = True
            if not followers.welcome(client_id, [after]):
                continue
            before = self._objects.known(client_id, named.name, [(stream.name, after.id)]).get(after.id)
            if changed(before, after):
                followers.follow(connection, stream, [(before, after)])
            self._objects.put_newer(client_id, named.name, after, as_of)
        return has_records


def _json(body: bytes) -> Any:
    if len(body) > LARGEST:
        raise Invalid.on("body", "is too large")
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Invalid.on("body", "is no JSON") from error
    if not isinstance(content, dict):
        raise Invalid.on("body", "is no JSON object")
    return content


def _time(content: Mapping[str, Any]) -> datetime | None:
    created = content.get("created")
    return datetime.fromtimestamp(created, UTC) if isinstance(created, int) and 0 < created < 4_000_000_000 else None
