"""Sees the AWS calls of the code under test through botocore's own hooks, and can break them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse

from groundswell.storage import client

_SERVICES = ("dynamodb", "sqs", "secrets", "kms", "s3", "ses")


class Crash(BaseException):
    """The process ends here: nothing that code can catch as an error."""


class Calls:
    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """The operations called meanwhile, e.g. `["GetItem"]`. Retries are not counted."""
        made: list[str] = []

        def note(model: Any, **_: Any) -> None:
            made.append(model.name)

        with _hooked("before-call", note):
            yield made

    @contextmanager
    def attempts(self) -> Iterator[list[str]]:
        """The same, with every retry."""
        made: list[str] = []

        def note(request: Any, **_: Any) -> None:
            made.append(request.headers.get("X-Amz-Target", b"").decode().rpartition(".")[2] or request.url)

        with _hooked("before-send", note):
            yield made

    @contextmanager
    def failing(self, operation: str, code: str, times: int = 1, **body: Any) -> Iterator[list[str]]:
        """The service answers the first `times` attempts at `operation` with this error. Yields the attempts."""
        attempts: list[str] = []

        def refuse(request: Any, **_: Any) -> AWSResponse | None:
            if not request.headers.get("X-Amz-Target", b"").decode().endswith("." + operation):
                return None
            attempts.append(operation)
            if len(attempts) > times:
                return None
            request.url = "https://refused.example/"  # botocore asks every hook, and moto would carry it out
            return _answer(request.url, 400, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **body})

        with _hooked("before-send", refuse):
            yield attempts

    @contextmanager
    def busy(self, partition: str) -> Iterator[list[str]]:
        """Writes to that partition are throttled, at every attempt. Yields the attempts. Nobody waits in between."""
        attempts: list[str] = []

        def refuse(request: Any, **_: Any) -> AWSResponse | None:
            operation = request.headers.get("X-Amz-Target", b"").decode().rpartition(".")[2]
            if operation not in ("PutItem", "BatchWriteItem") or partition not in _written_to(json.loads(request.body)):
                return None
            attempts.append(operation)
            request.url = "https://refused.example/"  # as above
            error = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
            return _answer(request.url, 400, {"__type": error})

        with _hooked("before-send", refuse), patch("botocore.endpoint.time.sleep"):
            yield attempts

    @contextmanager
    def broken(self, step: int, code: str, message: str, of: tuple[str, ...] = ("",)) -> Iterator[list[str]]:
        """From the `step`-th call on (from 0) every one is refused like this, without a retry. Yields the calls.

        Only those are counted, and yielded, whose name begins with one `of` these.
        """
        made: list[str] = []

        def refuse(model: Any, **_: Any) -> Any:
            made.extend([model.name] if model.name.startswith(of) else [])
            refused = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            return (_answer("", 400, {}), refused) if len(made) > step else None

        with _hooked("before-call", refuse):
            yield made

    @contextmanager
    def crashing(self, step: int, *, after: bool) -> Iterator[list[str]]:
        """The process dies before or after its `step`-th AWS call (from 0)."""
        made: list[str] = []

        def before(model: Any, **_: Any) -> None:
            made.append(model.name)
            if not after and len(made) == step + 1:
                raise Crash

        def behind(**_: Any) -> None:
            if after and len(made) == step + 1:
                raise Crash

        with _hooked("before-call", before), _hooked("after-call", behind):
            yield made


@contextmanager
def _hooked(event: str, hook: Callable[..., Any]) -> Iterator[None]:
    clients = [getattr(client, name)() for name in _SERVICES]
    for aws_client in clients:
        aws_client.meta.events.register_first(event, hook)
    try:
        yield
    finally:
        for aws_client in clients:
            aws_client.meta.events.unregister(event, hook)


def _written_to(request: Any) -> set[str]:
    """The partitions that a write is about."""
    puts = [
        message for batch in request.get("RequestItems", {}).values() for message in batch if "PutRequest" in message
    ]
    items = [put["PutRequest"]["Item"] for put in puts] + [request[name] for name in ("Item",) if name in request]
    return {item["pk"]["S"] for item in items}


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body


def _answer(url: str, status: int, body: Any) -> AWSResponse:
    headers = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse(url, status, headers, _Raw(json.dumps(body).encode()))
