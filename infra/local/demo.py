"""The demo tenant, made by calling the API as anybody would, as far as anybody may."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.files import read_json, write_json

EMAIL = "admin@demo.test"
PASSWORD = "demo-password-1234"  # noqa: S105 printed at every start: it guards nothing
ORGANIZATION = "Demo"
CLIENT = "Demo Client"
KEY = "demo"
SCOPES = ["events:write", "events:read", "analytics:read", "people:read"]
"""It reads what it wrote. Keys are for one client, so that no call needs to name it."""
_SECONDS = 30


class SeedError(RuntimeError):
    """The API did not answer as the seeding expects. The message has what was asked and what came back."""


class Demo:
    """`path` keeps what was printed: the key is hashed in the tables and cannot be read back. `found` makes the account
    where the API would not, or not without a mail."""

    def __init__(self, base_url: str, path: Path, create_account: Callable[[], None] | None = None) -> None:
        self._base_url = base_url
        self._path = path
        self._found = create_account
        self._token = ""

    def ensure(self) -> dict[str, str]:
        """The printed facts; whatever an earlier start did not get to make is made now. Raises SeedError."""
        kept: dict[str, str] | None = read_json(self._path, None)
        if kept is None:
            kept = self._make()
            write_json(self._path, kept)
        return {"base_url": self._base_url} | kept

    def _make(self) -> dict[str, str]:
        (self._found or self._register)()
        login = {"email": EMAIL, "password": PASSWORD}
        self._token = self._call("POST", "/auth/login", login)["access_token"]
        client = self._client()
        key = self._call("POST", f"/clients/{client['id']}/api-keys", {"name": KEY, "scopes": SCOPES})
        return login | {"org_id": client["org_id"], "client_id": client["id"], "api_key": key["api_key"]}

    def _register(self) -> None:
        body = {"email": EMAIL, "password": PASSWORD, "name": "Demo Admin", "organization_name": ORGANIZATION}
        # 409: a start that was interrupted between this call and the last one.
        self._call("POST", "/auth/register", body, also=(409,))

    def _client(self) -> dict[str, Any]:
        """The client, under its name: registration made one, under a name of its own."""
        clients: list[dict[str, Any]] = self._call("GET", "/clients", None)
        named = next((client for client in clients if client["name"] == CLIENT), None)
        if named is not None:
            return named
        if clients:
            renamed: dict[str, Any] = self._call("PUT", f"/clients/{clients[0]['id']}", {"name": CLIENT})
            return renamed
        made: dict[str, Any] = self._call("POST", "/clients", {"name": CLIENT})
        return made

    def _call(self, method: str, path: str, body: Any, *, also: tuple[int, ...] = ()) -> Any:
        """The answer's `data`. Raises SeedError for any refusal but those of `also`."""
        headers = {"content-type": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 our own loopback URL
            f"{self._base_url}/api/v1{path}", method=method, data=content, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 the same
                return json.load(answer).get("data")
        except urllib.error.HTTPError as error:
            if error.code in also:
                return None
            raise SeedError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from error
        except (urllib.error.URLError, TimeoutError) as error:
            raise SeedError(f"{method} {path}: {error}") from error
