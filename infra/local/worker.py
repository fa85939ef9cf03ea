"""One function's process: loads the handler as Lambda's runtime would and calls it, one event at a time."""

import importlib
import json
import os
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from groundswell.kernel.clock import set_offset

_LENGTH = 4
type _Handler = Callable[[Any, "LambdaContext"], Any]


@dataclass(frozen=True)
class LambdaContext:
    """The context object of Lambda's Python runtime, as far as handlers use it."""

    aws_request_id: str
    function_name: str
    memory_limit_in_mb: str
    invoked_function_arn: str
    deadline: float
    function_version: str = "$LATEST"
    log_group_name: str = ""
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.monotonic()) * 1000))


def serve(connection: socket.socket) -> None:
    """Answer invocations until the connection closes. The first message says which function this is."""
    boot = _receive(connection)
    if boot is None:
        return
    _become(boot)
    _send(connection, {"pid": os.getpid()})  # before the load, which may hang
    if _receive(connection) is None:
        return
    try:
        handler = _load(boot["handler"])
    except BaseException as error:  # noqa: BLE001 whatever a module raises at import is the function's, not ours
        _send(connection, _failure(error))
        return
    _send(connection, {})
    while (request := _receive(connection)) is not None:
        _send(connection, _answer(handler, boot, request))


def _become(boot: Mapping[str, Any]) -> None:
    """Take on the function's environment and send its output to its log."""
    os.environ.clear()
    os.environ.update(boot["environment"])
    log = os.open(boot["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    os.close(log)
    sys.path[:0] = boot["path"]


def _load(name: str) -> _Handler:
    module, _, attribute = name.rpartition(".")
    handler: _Handler = getattr(importlib.import_module(module), attribute)
    return handler


def _answer(handler: _Handler, boot: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    set_offset(timedelta(seconds=request["offset"]))
    environment = boot["environment"]
    context = LambdaContext(
        aws_request_id=request["request_id"],
        function_name=environment["AWS_LAMBDA_FUNCTION_NAME"],
        memory_limit_in_mb=environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        invoked_function_arn=boot["arn"],
        deadline=time.monotonic() + request["timeout"],
        log_group_name=environment["AWS_LAMBDA_LOG_GROUP_NAME"],
    )
    try:
        result = {"result": handler(request["event"], context)}
        json.dumps(result)
    except BaseException as error:  # noqa: BLE001 Lambda's runtime reports anything, SystemExit included
        result = _failure(error)
    sys.stdout.flush()
    sys.stderr.flush()
    return result


def _failure(error: BaseException) -> dict[str, Any]:
    traceback.print_exception(error)
    sys.stderr.flush()
    return {"error": {"type": type(error).__name__, "message": str(error)}}


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    header = _read(connection, _LENGTH)
    if header is None:
        return None
    body = _read(connection, int.from_bytes(header))
    if body is None:
        return None
    message: dict[str, Any] = json.loads(body)
    return message


def _read(connection: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(min(size - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _send(connection: socket.socket, message: Mapping[str, Any]) -> None:
    body = json.dumps(message).encode()
    connection.sendall(len(body).to_bytes(_LENGTH) + body)
