"""The tenant, the requests and the events that everything is measured with."""

import base64
import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from groundswell.access.keys import spell
from groundswell.access.model import Role
from groundswell.kernel.ids import hash_secret
from groundswell.kernel.signing import SigningKey, SigningKeys
from groundswell.tenancy.auth.model import Session, User
from groundswell.tenancy.auth.tokens import Tokens
from groundswell.tenancy.clients.model import ApiKey, Client, ClientStatus, KeyStatus, Membership, Scope

NOW = datetime.now(UTC).replace(microsecond=0)
SIGNING = {"kid": "initial", "secret": "s" * 43}
USER_ID, ORG_ID, SESSION_ID = (f"0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c{n}" for n in (10, 11, 12))
CLIENT_IDS = tuple(f"0192f0c1-7c1a-7d3e-8f00-2b6f1e9b{n:04d}" for n in range(51))
KEY_ID, KEY_SECRET = "0192f0c17c1a7d3e8f002b6f1e9a4c13", "k" * 43
API_KEY = spell(KEY_ID, KEY_SECRET)
USER = User(USER_ID, ORG_ID, "ada@demo.test", "Ada", "L", Role.ADMIN, True, True, NOW, NOW)
MEMBERSHIP = Membership(USER_ID, CLIENT_IDS[0], ORG_ID, Role.OWNER, NOW)
KEY = ApiKey(
    public_id=KEY_ID,
    client_id=CLIENT_IDS[0],
    org_id=ORG_ID,
    name="Web shop",
    secret_hash=hash_secret(KEY_SECRET),
    last4=KEY_SECRET[-4:],
    scopes=frozenset({Scope.EVENTS_WRITE}),
    status=KeyStatus.ACTIVE,
    created_by=USER_ID,
    created_at=NOW,
)


def client(client_id: str) -> Client:
    return Client(
        id=client_id,
        org_id=ORG_ID,
        name="Analytical Engines",
        website="https://engines.example",
        industry=None,
        timezone="Europe/London",
        status=ClientStatus.ACTIVE,
        created_by=USER_ID,
        created_at=NOW,
        updated_at=NOW,
        version=1,
    )


def access_token() -> str:
    """Of an organization's admin."""
    keys = SigningKeys(SigningKey(SIGNING["kid"], SIGNING["secret"].encode()))
    session = Session(USER_ID, SESSION_ID, "jti", None, NOW, NOW + timedelta(days=1), NOW, "bench", "127.0.0.1")
    return Tokens(lambda *_: keys, lambda: datetime.now(UTC)).pair(USER, session).access_token


def http_event(method: str, path: str, query: str = "", body: bytes = b"", **headers: str) -> dict[str, Any]:
    """API Gateway's payload 2.0, with a browser's headers."""
    sent = {
        "accept": "application/json",
        "accept-encoding": "gzip, deflate, br",
        "host": "api.groundswell.example",
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": sent,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "bench",
            "domainName": sent["host"],
            "domainPrefix": "api",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": sent["user-agent"],
            },
            "requestId": "bench",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:09:00:00 +0000",
            "timeEpoch": 1795338000000,
        },
        "isBase64Encoded": False,
    }
    if body:
        event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return event


def rest_event(path: str) -> dict[str, Any]:
    """Payload 1.0, for Chalice."""
    modern = http_event("GET", path)
    return {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        "headers": modern["headers"],
        "multiValueHeaders": {name: [value] for name, value in modern["headers"].items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"resourcePath": path, "httpMethod": "GET", "identity": {"sourceIp": "203.0.113.7"}},
        "body": None,
        "isBase64Encoded": False,
    }


def batch_event(messages: list[dict[str, Any]], *, zipped: bool = False) -> dict[str, Any]:
    """What segment-analytics-python posts."""
    body = json.dumps({"batch": messages, "sentAt": NOW.isoformat(), "writeKey": API_KEY}).encode()
    headers = {"content_type": "application/json", "authorization": _basic(API_KEY)}
    if zipped:
        return http_event("POST", "/v1/batch", body=gzip.compress(body, mtime=0), content_encoding="gzip", **headers)
    event = http_event("POST", "/v1/batch", **headers)
    return event | {"body": body.decode()}


def _basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


_NAMES = ("Product Viewed", "Product Added", "Product List Viewed", "Checkout Started", "Order Completed", "Signed Up")
_WEIGHTS = (40, 20, 25, 8, 5, 2)
_PAGES = ("/", "/shop", "/shop/hats", "/shop/boots", "/cart", "/checkout", "/blog/autumn", "/about")
_AGENTS = tuple(f"Mozilla/5.0 ({system}) Gecko/20100101 Firefox/{v}.0" for system in ("X11", "Mac") for v in (139, 140))


class Visitors:
    """A client's events as Segment messages of some 570 bytes: 300 people, in sessions, over `minutes` minutes.

    Seeded, so that every run measures the same ones.
    """

    def __init__(self, seed: int = 7, people: int = 300) -> None:
        self._random = random.Random(seed)
        self._people = [self._uuid() for _ in range(people)]
        self._at = NOW - timedelta(minutes=10)

    def messages(self, count: int) -> list[dict[str, Any]]:
        return [self._message() for _ in range(count)]

    def _message(self) -> dict[str, Any]:
        pick = self._random
        self._at += timedelta(milliseconds=pick.randrange(5, 60))
        person = pick.choice(self._people)
        number = int(sha256(person.encode()).hexdigest()[:6], 16)
        path = pick.choice(_PAGES)
        return {
            "type": "track",
            "event": pick.choices(_NAMES, _WEIGHTS)[0],
            "messageId": self._uuid(),
            "anonymousId": person,
            "userId": f"user-{number}" if number % 3 == 0 else None,
            "timestamp": self._at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "properties": {
                "sku": f"SKU-{pick.randrange(400):05d}",
                "price": pick.randrange(500, 20000) / 100,
                "quantity": pick.choice((1, 1, 1, 2, 3)),
                "currency": "EUR",
                "list": pick.choice(("search", "home", "sale")),
            },
            "context": {
                "library": {"name": "segment-analytics-python", "version": "2.4.0"},
                "page": {"path": path, "url": f"https://shop.example{path}"},
                "userAgent": _AGENTS[number % len(_AGENTS)],
                "locale": ("en-GB", "de-DE", "fr-FR")[number % 3],
            },
            "integrations": {},
        }

    def _uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))
