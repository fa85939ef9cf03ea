"""Mail is read off the outbox, as the publisher would."""

import json
import re
from collections.abc import Callable

import pytest

from tests.backend import Backend

TOKEN = re.compile(r"Token, for API users: (\S+)")


@pytest.fixture
def mailed(moto: Backend) -> Callable[[str], str]:
    """The token in the newest mail to an address."""

    def newest(to: str) -> str:
        letters = [json.loads(item["body"]["S"]) for item in moto.items("core") if item["kind"]["S"] == "outbox"]
        mine = sorted((each for each in letters if each["to"] == to), key=lambda each: each["id"])
        found = TOKEN.search(mine[-1]["text"])
        assert found, mine[-1]["text"]
        return found[1]

    return newest


@pytest.fixture
def audited(moto: Backend) -> Callable[[str], list[str]]:
    """The actions in an organization's audit log, oldest first."""

    def actions(org_id: str) -> list[str]:
        entries = [item for item in moto.items("core") if item["pk"]["S"] == f"AUDIT#{org_id}"]
        return [item["action"]["S"] for item in sorted(entries, key=lambda item: item["sk"]["S"])]

    return actions
