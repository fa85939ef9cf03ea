"""API keys and a block writer in memory, and the bridge from a request to the ingest function's handler."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from functions.ingest import handler as function
from functions.ingest.keyring import Keyring
from functions.ingest.routes import Ingest
from groundswell.access.keys import spell
from groundswell.access.model import KeyGrant
from groundswell.events.eventlog.block import Block
from groundswell.events.ingest.service import IngestService
from groundswell.kernel.ids import hash_secret

SECRET = "s" * 43
KEY = spell("public000001", SECRET)
BASIC = {"authorization": "Basic " + b64encode(f"{KEY}:".encode()).decode()}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = int(NOW.timestamp() * 1000)


def track(**changes):
    return {"type": "track", "event": "Viewed", "messageId": "m1", "userId": "u1"} | changes


def grant(**changes):
    fields = {
        "public_id": "public000001",
        "client_id": "client",
        "org_id": "org",
        "secret_hash": hash_secret(SECRET),
        "scopes": frozenset({"events:write"}),
        "is_active": True,
        "valid_until": None,
    }
    return KeyGrant(**fields | changes)


class FakeKeys:
    def __init__(self, *grants):
        self.grants = {grant.public_id: grant for grant in grants}
        self.reads = 0
        self.noted = []

    def presented(self, public_id, _secret_hash, _at):
        self.reads += 1
        return self.grants.get(public_id)

    def note_use(self, public_id, at):
        self.noted.append((public_id, at))
        self.grants[public_id] = replace(self.grants[public_id], last_used_at=at)
        return True


class FakeWriter:
    """Keeps what was appended; `failure` is raised instead."""

    def __init__(self):
        self.batches = []
        self.failure = None

    def append(self, log, blocks, received):
        if self.failure:
            raise self.failure
        self.batches.append((log, blocks))
        return [f"B#{received}{at}" for at in range(len(blocks))]

    @property
    def events(self):
        return [event for _, blocks in self.batches for data in blocks for event in Block(data).events]


class Api:
    """The ingest function behind a payload 2.0 gateway, with its store faked."""

    def __init__(self, monkeypatch, now, grants=None, cached_for=timedelta(0), writer=None):
        self.keys = FakeKeys(*([grant()] if grants is None else grants))
        self.writer = writer or FakeWriter()
        numbers = iter(range(10**9))
        service = IngestService(self.writer, now, lambda: f"made {next(numbers)}")
        wired = Ingest(Keyring(self.keys, now, cached_for), service)
        monkeypatch.setattr(function, "ingest", lambda: wired)

    def post(self, path, body, headers=None, method="POST"):
        """`body` is JSON to be, text, or bytes."""
        raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        sent_headers = {"x-api-key": KEY} if headers is None else headers
        return self.call(payload(method, path, sent_headers, raw))

    def call(self, event):
        return Reply(self.raw(event))

    def raw(self, event):
        return function.handler(event, None)


class Reply:
    def __init__(self, result):
        self.status = result["statusCode"]
        self.headers = result["headers"]
        self.json = json.loads(result["body"]) if result["body"] else None


def payload(method, target, headers, raw):
    path, _, query = target.partition("?")
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "203.0.113.9"}, "stage": "$default"},
        "body": b64encode(raw).decode(),
        "isBase64Encoded": True,
    }
