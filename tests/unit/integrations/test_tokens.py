"""Access tokens in use: one worker renews, the others find what it got."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.integrations.addressing import Places
from groundswell.integrations.catalogue import platform
from groundswell.integrations.platform import Call, Credentials
from groundswell.integrations.problems import Problem, Reply
from groundswell.integrations.tokens import Tokens
from groundswell.kernel.clock import rfc3339

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
APP = {"client_id": "app", "client_secret": "shh"}
HUBSPOT = platform("hubspot")


class Vault:
    def __init__(self, **credentials: str) -> None:
        self.credentials: Mapping[str, str] = {**APP, **credentials}
        self.locked = False

    def load(self, client_id: str, platform: str) -> Mapping[str, str] | None:
        return self.credentials

    def save(self, client_id: str, platform: str, credentials: Credentials) -> None:
        self.credentials, self.locked = credentials, False

    def lock(self, client_id: str, platform: str, seconds: int) -> bool:
        mine, self.locked = not self.locked, True
        return mine

    def unlock(self, client_id: str, platform: str) -> None:
        self.locked = False


class TokenEndpoint:
    """Rotates refresh tokens: one that was used is refused. Others get their turn while it thinks."""

    def __init__(self) -> None:
        self.used = list[str]()

    async def send(self, client_id: str, platform: str, url: str, call: Call, *, foreign: bool) -> Reply:
        refresh_token = str((call.form or {})["refresh_token"])
        await asyncio.sleep(0)
        if refresh_token in self.used:
            return Reply(400, body=b'{"error": "invalid_grant", "error_description": "used before"}')
        self.used.append(refresh_token)
        number = len(self.used) + 1
        fresh = {"access_token": f"a{number}", "refresh_token": f"r{number}", "expires_in": 1800}
        return Reply(200, body=json.dumps(fresh).encode())


async def _together(vault: Vault, endpoint: TokenEndpoint, workers: int) -> list[Credentials | BaseException]:
    tokens = [Tokens(vault, endpoint, lambda: NOW) for _ in range(workers)]
    renewals = [one.renewed("c", HUBSPOT, Places(), "a1") for one in tokens]
    return list(await asyncio.gather(*renewals, return_exceptions=True))


def test_of_workers_whose_token_is_refused_in_mid_sync_one_renews_it_and_the_others_find_its() -> None:
    vault, endpoint = Vault(access_token="a1", refresh_token="r1"), TokenEndpoint()

    first, *others = asyncio.run(_together(vault, endpoint, 3))

    assert isinstance(first, Mapping)
    assert first["access_token"] == "a2"
    assert all(isinstance(other, Problem) and (other.kind, other.retry_after) == ("transient", 3.0) for other in others)
    assert endpoint.used == ["r1"]
    again = asyncio.run(Tokens(vault, endpoint, lambda: NOW).renewed("c", HUBSPOT, Places(), "a1"))
    assert (again["access_token"], again["refresh_token"], endpoint.used) == ("a2", "r2", ["r1"])


@pytest.mark.parametrize(("minutes", "token"), [(6, "a1"), (4, "a2"), (-1, "a2")])
def test_a_token_is_renewed_five_minutes_ahead_of_its_expiry(minutes: int, token: str) -> None:
    expires_at = rfc3339(NOW + timedelta(minutes=minutes))
    vault, endpoint = Vault(access_token="a1", refresh_token="r1", expires_at=expires_at), TokenEndpoint()
    current = asyncio.run(Tokens(vault, endpoint, lambda: NOW).current("c", HUBSPOT, Places()))
    assert current["access_token"] == token


def test_a_refused_renewal_frees_the_lock_and_asks_for_a_person() -> None:
    vault, endpoint = Vault(access_token="a1", refresh_token="r1"), TokenEndpoint()
    endpoint.used.append("r1")
    with pytest.raises(Problem) as problem:
        asyncio.run(Tokens(vault, endpoint, lambda: NOW).renewed("c", HUBSPOT, Places(), "a1"))
    assert (problem.value.kind, vault.locked, vault.credentials["access_token"]) == ("auth", False, "a1")
