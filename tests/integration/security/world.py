"""Two tenants with one of everything, and everybody who might call."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.backend import Backend
from tests.gateway import Answer, Gateway
from tests.integration.security import forgery
from tests.integration.security.operations import Operation
from tests.people import People, Person

NOWHERE = "0192f0c1-7c1a-7d3e-8f00-000000000000"


@dataclass
class World:
    backend: Backend
    gateway: Gateway
    alice: Person
    """Owner of organization A."""
    mallory: Person
    """Owner of organization B."""
    viewer: Person
    """Of A's client, and of nothing else."""
    editor_elsewhere: Person
    """Of another client of A."""
    disabled: Person
    key: str
    revoked_key: str
    narrow_key: str
    """Good for leads only."""
    ids: dict[str, str] = field(default_factory=dict)
    """Real ids of A, by the name that paths give them."""

    def call(self, operation: Operation, *, ids: dict[str, str] | None = None, **sent: Any) -> Answer:
        """The operation's own example, on A's things unless `ids` says otherwise."""
        headers = dict(sent.pop("headers", {}))
        path = operation.at({**self.ids, **(ids or {})})
        if operation.takes_client and "{client_id}" not in operation.path:
            headers.setdefault("X-Client-Id", {**self.ids, **(ids or {})}["client_id"])
        return self.gateway.call(operation.method, path, operation.body(), headers=headers, **sent)

    def secret(self) -> bytes:
        value = self.backend.aws.secrets.get_secret_value(SecretId=self.backend.resources.secrets["signing"])
        return json.loads(value["SecretString"])["secret"].encode()

    def tenant_a(self) -> dict[str, str]:
        """All that is stored of A in the tables that last, by key, but for the trail of who tried what."""
        mine = {self.alice.user["org_id"], self.ids["client_id"], self.alice.id}
        items = [item for table in ("core", "events") for item in self.backend.items(table)]
        kept = [item for item in items if not item["pk"]["S"].startswith("AUDIT#") and mine & _texts(item)]
        return {f"{item['pk']['S']} {item['sk']['S']}": repr(sorted(item.items())) for item in kept}

    def changes_since(self, before: dict[str, str]) -> list[str]:
        """The keys of what was added, changed or removed."""
        now = self.tenant_a()
        return sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))


def _texts(item: dict[str, Any]) -> set[str]:
    texts = {value["S"] for value in item.values() if "S" in value}
    return texts | {part for text in (item["pk"]["S"], item["sk"]["S"]) for part in text.split("#")}


type BadToken = Callable[[World], str]
BAD_TOKENS: dict[str, BadToken] = {
    "garbage": lambda world: "garbage",
    "expired": lambda world: forgery.expired(world.alice.token, world.secret()),
    "unsigned": lambda world: forgery.unsigned(world.alice.token),
    "signed by another algorithm": lambda world: forgery.signed_otherwise(world.alice.token, world.secret()),
    "a refresh token": lambda world: world.alice.refresh_token,
    "without exp": lambda world: forgery.resigned(world.alice.token, world.secret(), exp=None),
    "for another audience": lambda world: forgery.resigned(world.alice.token, world.secret(), aud="elsewhere"),
    "of a disabled user": lambda world: world.disabled.token,
    "a revoked key": lambda world: world.revoked_key,
}


def build(backend: Backend, gateway: Gateway, people: People) -> World:
    alice, mallory = people.sign_up(), people.sign_up()
    client = alice.client_id
    elsewhere = alice.post("/clients", {"name": "Elsewhere"}).data["id"]
    viewer, editor, disabled = (people.member_of(alice, "member") for _ in range(3))
    _grant(backend, viewer, client, "viewer")
    _grant(backend, editor, elsewhere, "editor")
    _disable(backend, disabled)
    key = _new_key(alice, client, ["events:write", "metrics:write"])
    revoked = _new_key(alice, client, ["events:write", "metrics:write"])
    alice.delete(f"/clients/{client}/api-keys/{revoked['id']}")
    narrow = _new_key(alice, client, ["leads:write"])
    world = World(
        backend,
        gateway,
        alice,
        mallory,
        viewer,
        editor,
        disabled,
        key=key["api_key"],
        revoked_key=revoked["api_key"],
        narrow_key=narrow["api_key"],
    )
    world.ids = {"client_id": client, "key_id": key["id"], "user_id": viewer.id}
    return world


def _new_key(owner: Person, client: str, scopes: list[str]) -> dict[str, Any]:
    answer = owner.post(f"/clients/{client}/api-keys", {"name": "k", "scopes": scopes})
    assert answer.status == 201, answer.body
    return answer.data


def _grant(backend: Backend, person: Person, client: str, role: str) -> None:
    """A membership as members' endpoints write it."""
    from datetime import UTC, datetime

    from groundswell.access.model import Role
    from groundswell.clients.items import membership_item
    from groundswell.clients.model import Membership
    from groundswell.storage.core import put, write

    write([put(membership_item(Membership(person.id, client, person.user["org_id"], Role(role), datetime.now(UTC))))])


def _disable(backend: Backend, person: Person) -> None:
    backend.aws.dynamodb.update_item(
        TableName=backend.resources.tables["core"],
        Key={"pk": {"S": f"USER#{person.id}"}, "sk": {"S": "USER"}},
        UpdateExpression="SET is_active = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )
