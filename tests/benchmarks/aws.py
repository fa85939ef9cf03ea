"""AWS as a loopback server with canned answers, so that a cold start does all it would do but wait for AWS."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from groundswell.storage.core import CoreItem
from groundswell.tenancy.auth.items import user_item
from groundswell.tenancy.clients.items import client_item, key_item, membership_item
from tests.benchmarks import samples


def answer(target: str, request: dict[str, Any]) -> dict[str, Any]:
    """The body for one operation."""
    match target.rpartition(".")[2]:
        case "GetSecretValue":
            return {"SecretString": json.dumps(samples.SIGNING), "Name": "signing", "ARN": "arn:aws:x"}
        case "GetItem":
            return {"Item": item} if (item := _item(request["Key"])) else {}
        case "UpdateItem" if request["UpdateExpression"] == "SET last_used_at = :at":
            return {
                "Attributes": {
                    **(_item(request["Key"]) or {}),
                    "last_used_at": request["ExpressionAttributeValues"][":at"],
                }
            }
        case "Query" if request.get("IndexName"):
            return _found([_client(client_id) for client_id in samples.CLIENT_IDS[: request.get("Limit", 50)]])
        case "Query" if _partition(request).startswith("USER#"):
            return _found([_user(), _membership()])
        case "Query":
            return _found([])
        case "BatchGetItem":
            wanted = {table: table_request["Keys"] for table, table_request in request["RequestItems"].items()}
            responses = {table: [item for key in keys if (item := _item(key))] for table, keys in wanted.items()}
            return {"Responses": responses, "UnprocessedKeys": {}}
        case "BatchWriteItem":
            return {"UnprocessedItems": {}}
        case _:
            return {}


def _partition(request: dict[str, Any]) -> str:
    return str(next(iter(request.get("ExpressionAttributeValues", {}).values()), {}).get("S", ""))


def _found(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Items": items, "Count": len(items), "ScannedCount": len(items)}


def _item(key: dict[str, Any]) -> dict[str, Any] | None:
    pk, sk = key["pk"]["S"], key["sk"]["S"]
    match pk.partition("#"):
        case "KEY", _, _:
            return _stored(key_item(samples.KEY))
        case "CLIENT", _, client_id:
            return _client(client_id)
        case "USER", _, _ if sk == "USER":
            return _user()
        case "SUPPRESSED", _, _:
            return None
        case _:  # a session, or what a peer keeps
            return {"pk": {"S": pk}, "sk": {"S": sk}, "expires_at": {"N": "99999999999"}}


def _user() -> dict[str, Any]:
    return _stored(user_item(samples.USER))


def _membership() -> dict[str, Any]:
    return _stored(membership_item(samples.MEMBERSHIP))


def _client(client_id: str) -> dict[str, Any]:
    return _stored(client_item(samples.client(client_id)))


def _stored(item: CoreItem) -> dict[str, Any]:
    item.version = 1
    return dict(item.serialize())


class CannedAws:
    """`with CannedAws() as aws:` — `aws.environment` points an SDK at it, `aws.calls` names what was asked."""

    def __init__(self, answers: Callable[[str, dict[str, Any]], dict[str, Any]] = answer) -> None:
        self.calls: list[str] = []
        self._answers = answers
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
        calls, answers = self.calls, self._answers

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
                target = self.headers.get("x-amz-target", "")
                calls.append(target)
                body = json.dumps(answers(target, request)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/x-amz-json-1.0")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing: the figures are what is printed."""

        return Handler
