"""Accounts made the way people make them: over HTTP."""

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.gateway import Gateway

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def new_email() -> str:
    return f"person{next(_numbers)}@people.example"


@dataclass
class Person:
    """Somebody signed in."""

    gateway: Gateway
    user: dict[str, Any]
    token: str
    refresh_token: str

    @property
    def id(self) -> str:
        return self.user["id"]

    @property
    def email(self) -> str:
        return self.user["email"]

    @cached_property
    def client_id(self) -> str:
        """The first client of the person's organization."""
        return self.call("GET", "/clients").data[0]["id"]

    def call(self, method: str, path: str, body: Any = None, **rest: Any) -> Any:
        return self.gateway.call(method, path, body, token=self.token, **rest)

    def get(self, path: str, **rest: Any) -> Any:
        return self.call("GET", path, **rest)

    def post(self, path: str, body: Any = None, **rest: Any) -> Any:
        return self.call("POST", path, body, **rest)

    def put(self, path: str, body: Any = None, **rest: Any) -> Any:
        return self.call("PUT", path, body, **rest)

    def delete(self, path: str, **rest: Any) -> Any:
        return self.call("DELETE", path, **rest)


class People:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def sign_up(self, email: str | None = None) -> Person:
        """An owner of an organization of their own."""
        email = email or new_email()
        body = {"email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "Lovelace"}
        # The next one comes from elsewhere, so that a test may sign up as many people as it likes.
        answer = self._gateway.post("/auth/register", body, ip=f"203.0.113.{next(_numbers) % 250}-{email}")
        assert answer.status == 201, answer.body
        return self.sign_in(email)

    def sign_in(self, email: str, password: str = PASSWORD) -> Person:
        answer = self._gateway.post("/auth/login", {"email": email, "password": password}, ip=f"login-{email}")
        assert answer.status == 200, answer.body
        signed_in = answer.json
        return Person(self._gateway, answer.data["user"], signed_in["access_token"], signed_in["refresh_token"])

    def member_of(self, admin: Person, role: str = "member") -> Person:
        """Somebody whom that admin added to the organization."""
        body = {"email": new_email(), "password": PASSWORD, "name": "Grace Hopper", "role": role}
        answer = admin.post("/auth/register", body, ip=f"admin-{admin.id}-{body['email']}")
        assert answer.status == 201, answer.body
        return self.sign_in(body["email"])

    def operator(self) -> Person:
        """Somebody whom `groundswell admin grant-super` made an operator of the platform."""
        # Imported here: these modules read an environment that only a test has.
        from groundswell.admin.users.platform import PlatformService
        from groundswell.admin.users.store import DynamoUserStore
        from groundswell.tenancy.members.store import DynamoPeople

        somebody = self.sign_up()
        PlatformService(DynamoPeople(), DynamoUserStore()).grant_super(somebody.email)
        return self.sign_in(somebody.email)
