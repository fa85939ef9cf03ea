"""An account from sign-up to its end, on the deployed app; mails are read from where the local mailbox keeps them."""

import re
import time
from base64 import b32decode
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from groundswell.tenancy.auth.totp import STEP_SECONDS, code_at
from infra.local.mailbox import mail
from tests.e2e.conftest import Deployed

pytestmark = pytest.mark.e2e

PASSWORD, ANOTHER = "correct horse battery", "another horse battery"
TOKEN = re.compile(r"Token, for API users: (\S+)")
PATIENCE_SECONDS = 30

type Mailed = Callable[[str, str], str]
type Codes = dict[str, str]


@pytest.fixture(scope="module")
def api(app: Deployed) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{app.base_url}/api/v1", timeout=30) as http:
        yield http


@pytest.fixture
def mailed(app: Deployed) -> Mailed:
    """The token in the newest mail to an address whose subject has that word."""

    def token(to: str, about: str) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            items = [item for item in app.items("ephemeral") if item["pk"]["S"] == f"MAILBOX#{to}"]
            mails = [mail(item["raw"]["S"]) for item in sorted(items, key=lambda item: item["sk"]["S"])]
            matches = [mail for mail in mails if about in mail["subject"].lower()]
            if matches:
                return TOKEN.search(matches[-1]["text"])[1]  # type: ignore[index]
            time.sleep(0.25)
        raise AssertionError(f"no mail about {about} to {to}: {app.log('mailer')[-3:]}")

    return token


def test_an_account_lives_from_sign_up_to_deactivation(api: httpx.Client, mailed: Mailed) -> None:
    life = Life(api, mailed)
    life.sign_up_and_verify()
    life.refresh_and_reuse()
    life.reset_the_password()
    life.take_a_second_factor()
    member = life.invite_somebody()
    life.change_the_members_role(member)
    life.delete_and_restore_a_client()
    life.deactivate(member)
    life.sign_out()


class Life:
    """Somebody's, step by step; each goes on where the one before ended."""

    def __init__(self, api: httpx.Client, mailed: Mailed) -> None:
        self._api = api
        self._mailed = mailed
        self.email = f"{uuid4().hex[:12]}@lifecycle.test"
        self.password = PASSWORD
        self._bearer: dict[str, str] = {}

    def call(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        answer = self._api.request(method, path, json=body, headers=self._bearer | headers)
        assert answer.status_code == status, (method, path, answer.text)
        return answer.json()

    def anonymous(self, path: str, body: Any, status: int = 200) -> Any:
        answer = self._api.post(path, json=body)
        assert answer.status_code == status, (path, answer.text)
        return answer.json()

    def sign_in(self, **codes: str) -> dict[str, Any]:
        tokens: dict[str, Any] = self.anonymous("/auth/login", self._credentials(**codes))
        self._bearer = {"authorization": f"Bearer {tokens['access_token']}"}
        return tokens

    def _credentials(self, **codes: str) -> Codes:
        return {"email": self.email, "password": self.password, **codes}

    def sign_up_and_verify(self) -> None:
        self.anonymous("/auth/register", self._credentials() | {"name": "Ada Lovelace"}, 201)
        self.anonymous("/auth/register", self._credentials() | {"name": "Ada Lovelace"}, 409)
        self.anonymous("/auth/verify", {"token": self._mailed(self.email, "confirm")})
        self.sign_in()
        me = self.call("GET", "/users/me")["data"]
        assert (me["is_verified"], me["role"]) == (True, "owner")

    def refresh_and_reuse(self) -> None:
        first = self.sign_in()["refresh_token"]
        second = self.anonymous("/auth/refresh", {"refresh_token": first})["refresh_token"]
        self.anonymous("/auth/refresh", {"refresh_token": second})
        self.anonymous("/auth/refresh", {"refresh_token": first}, 401)
        self.anonymous("/auth/refresh", {"refresh_token": second}, 401)

    def reset_the_password(self) -> None:
        self.sign_in()
        self.anonymous("/auth/forgot-password", {"email": self.email}, 202)
        reset = {"token": self._mailed(self.email, "password"), "new_password": ANOTHER}
        self.anonymous("/auth/reset-password", reset)
        self.anonymous("/auth/reset-password", reset, 410)
        self.anonymous("/auth/login", self._credentials(), 401)
        self.call("GET", "/users/me", status=401)
        self.password = ANOTHER
        self.sign_in()

    def take_a_second_factor(self) -> None:
        secret = self.call("POST", "/auth/2fa/setup")["data"]["secret"]
        step = int(time.time()) // STEP_SECONDS
        codes = self.call("POST", "/auth/2fa/confirm", {"code": code_at(b32decode(secret), step)})["data"][
            "recovery_codes"
        ]
        assert self.anonymous("/auth/login", self._credentials(), 401)["error"]["code"] == "TOTP_REQUIRED"
        self.sign_in(recovery_code=codes[0])
        self.call("DELETE", "/auth/2fa", {"password": self.password, "code": codes[1]})
        self.sign_in()

    def invite_somebody(self) -> "Life":
        guest = Life(self._api, self._mailed)
        client = self.call("GET", "/clients")["data"][0]["id"]
        self.call("POST", f"/clients/{client}/invitations", {"email": guest.email, "role": "viewer"}, 201)
        accepted = {"token": self._mailed(guest.email, "invit"), "name": "Grace Hopper", "password": PASSWORD}
        self.anonymous("/invitations/accept", accepted)
        guest.sign_in()
        assert guest.call("GET", f"/clients/{client}/role")["data"]["role"] == "viewer"
        guest.call("POST", f"/clients/{client}/api-keys", {"name": "mine"}, 403)
        return guest

    def change_the_members_role(self, member: "Life") -> None:
        client, guest = self.call("GET", "/clients")["data"][0]["id"], member.call("GET", "/users/me")["data"]["id"]
        self.call("PUT", f"/clients/{client}/members/{guest}", {"role": "editor"})
        assert "write" in str(member.call("GET", f"/clients/{client}/permissions")["data"]["actions"])
        mine = self.call("GET", "/users/me")["data"]["id"]
        refused = self.call("DELETE", f"/clients/{client}/members/{mine}", status=409)
        assert refused["error"]["code"] == "LAST_OWNER"

    def delete_and_restore_a_client(self) -> None:
        made = self.call("POST", "/dashboard/client-companies/", {"name": "Engines"}, 201)["data"]
        event = {"eventName": "Seen", "userId": "ada"}
        key = {"X-API-Key": made["api_key"]}
        assert self._api.post("/sdk/event", json=event, headers=key).status_code == 202
        self.call("DELETE", f"/dashboard/client-companies/{made['id']}")
        self.call("GET", f"/clients/{made['id']}", status=404)
        assert self._api.post("/sdk/event", json=event, headers=key).status_code == 401
        self.call("POST", f"/clients/{made['id']}/restore")
        assert self._api.post("/sdk/event", json=event, headers=key).status_code == 202

    def deactivate(self, member: "Life") -> None:
        guest = member.call("GET", "/users/me")["data"]["id"]
        self.call("DELETE", f"/admin/users/{guest}")
        member.call("GET", "/users/me", status=401)
        actions = {entry["action"] for entry in self.call("GET", "/admin/audit?limit=100")["data"]}
        assert {"user.registered", "user.signed_in", "client.deleted", "client.restored"} <= actions

    def sign_out(self) -> None:
        self.call("POST", "/auth/logout?all=true")
        self.call("GET", "/users/me", status=401)
