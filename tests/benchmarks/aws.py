"""AWS as a loopback server with canned answers, so that a cold start does all it would do but wait for AWS."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.benchmarks import samples

_TIME = "2026-11-22T09:00:00.000000+0000"


def answer(target: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The body for one operation."""
    match target.rpartition(".")[2]:
        case "GetSecretValue":
            return {"SecretString": json.dumps(samples.SIGNING), "Name": "signing", "ARN": "arn:aws:x"}
        case "GetItem":
            return {"Item": _item(asked["Key"]["pk"]["S"], asked["Key"]["sk"]["S"])}
        case "Query" if asked.get("IndexName"):
            return _found([_client(each) for each in samples.CLIENT_IDS[: asked.get("Limit", 50)]])
        case "Query" if _partition(asked).startswith("USER#"):
            return _found([_user(), _membership()])
        case "Query":
            return _found([])
        case "BatchGetItem":
            return {"Responses": {}, "UnprocessedKeys": {}}
        case "BatchWriteItem":
            return {"UnprocessedItems": {}}
        case _:
            return {}


def _partition(asked: dict[str, Any]) -> str:
    return str(next(iter(asked.get("ExpressionAttributeValues", {}).values()), {}).get("S", ""))


def _found(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Items": items, "Count": len(items), "ScannedCount": len(items)}


def _item(pk: str, sk: str) -> dict[str, Any]:
    if sk.startswith("SESSION#"):
        return _keys(pk, sk) | {"expires_at": {"N": "99999999999"}}
    if pk.startswith("KEY#"):
        return _keys(pk, sk) | _key()
    if pk.startswith("CLIENT#"):
        return _client(pk.removeprefix("CLIENT#"))
    return _user() if sk == "USER" else _keys(pk, sk)


def _keys(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _user() -> dict[str, Any]:
    return _keys(f"USER#{samples.USER_ID}", "USER") | {
        "kind": {"S": "user"},
        "id": {"S": samples.USER_ID},
        "org_id": {"S": samples.ORG_ID},
        "email": {"S": "ada@demo.test"},
        "first_name": {"S": "Ada"},
        "last_name": {"S": "L"},
        "role": {"S": "admin"},
        "is_verified": {"BOOL": True},
        "is_active": {"BOOL": True},
        "created_at": {"S": _TIME},
        "updated_at": {"S": _TIME},
        "preferences": {"S": "{}"},
        "version": {"N": "1"},
    }


def _membership() -> dict[str, Any]:
    client = samples.CLIENT_IDS[0]
    return _keys(f"USER#{samples.USER_ID}", f"CLIENT#{client}") | {"client_id": {"S": client}, "role": {"S": "owner"}}


def _client(client_id: str) -> dict[str, Any]:
    return _keys(f"CLIENT#{client_id}", "CLIENT") | {
        "kind": {"S": "client"},
        "id": {"S": client_id},
        "org_id": {"S": samples.ORG_ID},
        "name": {"S": "Analytical Engines"},
        "timezone": {"S": "UTC"},
        "status": {"S": "active"},
        "created_by": {"S": samples.USER_ID},
        "created_at": {"S": _TIME},
        "updated_at": {"S": _TIME},
        "settings": {"S": "{}"},
        "version": {"N": "1"},
    }


def _key() -> dict[str, Any]:
    return {
        "client_id": {"S": samples.CLIENT_IDS[0]},
        "org_id": {"S": samples.ORG_ID},
        "secret_hash": {"S": samples.KEY_HASH},
        "scopes": {"L": [{"S": "events:write"}]},
        "status": {"S": "active"},
    }


class CannedAws:
    """`with CannedAws() as aws:` — `aws.environment` points an SDK at it, `aws.calls` names what was asked."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.server_port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_SESSION_TOKEN": "test",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
                target = self.headers.get("x-amz-target", "")
                calls.append(target)
                body = json.dumps(answer(target, asked)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/x-amz-json-1.0")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing: the figures are what is printed."""

        return Handler
