"""Mail is read off the outbox, as the publisher would."""

import json
import re
from base64 import b64encode
from collections.abc import Callable

import pytest

from tests.backend import Backend
from tests.gateway import call_handler

TOKEN = re.compile(r"Token, for API users: (\S+)")


@pytest.fixture
def mailed(moto: Backend) -> Callable[[str], str]:
    """The token in the newest mail to an address."""

    def newest(to: str) -> str:
        letters = [json.loads(item["body"]["S"]) for item in moto.items("core") if item["kind"]["S"] == "outbox"]
        mine = sorted((letter for letter in letters if letter["to"] == to), key=lambda letter: letter["id"])
        match = TOKEN.search(mine[-1]["text"])
        assert match, mine[-1]["text"]
        return match[1]

    return newest


@pytest.fixture
def consume(moto: Backend) -> Callable[[], None]:
    """What the stream would do: the rollups function gets every block there is."""

    def feed() -> None:
        blocks = [item for item in moto.items("events") if item["sk"]["S"].startswith("B#")]
        for at, block in enumerate(blocks):
            image = json.loads(json.dumps(block, default=lambda raw: b64encode(bytes(raw)).decode()))
            keys = {name: image[name] for name in ("pk", "sk")}
            change = {"SequenceNumber": str(at), "Keys": keys, "NewImage": image}
            record = {"eventID": str(at), "eventName": "INSERT", "dynamodb": change}
            assert call_handler(moto, "rollups", {"Records": [record]}) == {"batchItemFailures": []}

    return feed


@pytest.fixture
def audited(moto: Backend) -> Callable[[str], list[str]]:
    """The actions in an organization's audit log, oldest first."""

    def actions(org_id: str) -> list[str]:
        entries = [item for item in moto.items("core") if item["pk"]["S"] == f"AUDIT#{org_id}"]
        return [item["action"]["S"] for item in sorted(entries, key=lambda item: item["sk"]["S"])]

    return actions
