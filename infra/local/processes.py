"""Function processes as the launcher sees them: forked from the zygote, grown under load, killed when they overrun."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

INIT_SECONDS = 30.0  # three times AWS's: a person's machine may be busy
_LENGTH = 4


class FunctionError(Exception):
    """The function raised, or could not be loaded. `kind` is the exception's name."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class FunctionTimeout(FunctionError):
    """It ran longer than it declares."""


class FunctionDied(FunctionError):
    """Its process ended in mid-call."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """What a function's process runs. `handler` is a dotted name, `path` what is put before sys.path; seconds."""

    name: str
    handler: str
    environment: Mapping[str, str]
    arn: str
    log: Path
    timeout: float
    path: tuple[str, ...] = ()
    most: int = 4


@dataclass(frozen=True)
class Invocation:
    """One call: the event, its request id, and the seconds by which the stage's clock is shifted."""

    event: Any
    request_id: str
    offset: float


class Zygote:
    """Starts the zygote. Enter it from the main thread: it dies with the thread that started it."""

    def __init__(self, *, log: Path) -> None:
        self._log = log
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """End it. Its children end with it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        """Its process id. Raises RuntimeError before the start."""
        if self._process is None:
            raise RuntimeError("the zygote is not running")
        return self._process.pid

    def fork(self) -> socket.socket:
        """A new child's end of the line. Call it in the main thread: a zygote that died is started again."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._request(theirs)
            except OSError:
                self.__exit__()
                self._start()
                self._request(theirs)
        return ours

    def _request(self, theirs: socket.socket) -> None:
        if self._control is None:
            raise RuntimeError("the zygote is not running")
        socket.send_fds(self._control, [b"f"], [theirs.fileno()])

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.zygote", str(theirs.fileno()), str(os.getpid())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._control = ours


class _Worker:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.pid = 0

    @classmethod
    async def start(cls, zygote: Zygote, program: Program) -> "_Worker":
        worker = cls(*await asyncio.open_unix_connection(sock=zygote.fork()))
        boot = {
            "handler": program.handler,
            "environment": dict(program.environment),
            "arn": program.arn,
            "log": str(program.log),
            "path": list(program.path),
        }
        try:
            worker.pid = (await worker.call(boot, INIT_SECONDS))["pid"]
            await worker.call({}, INIT_SECONDS)
        except BaseException:
            worker.kill()
            raise
        return worker

    async def call(self, message: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(seconds):
                body = json.dumps(message).encode()
                self._writer.write(len(body).to_bytes(_LENGTH) + body)
                await self._writer.drain()
                size = int.from_bytes(await self._reader.readexactly(_LENGTH))
                answer: dict[str, Any] = json.loads(await self._reader.readexactly(size))
        except TimeoutError:
            raise FunctionTimeout("Sandbox.Timedout", f"no answer after {seconds:.2f} s") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise FunctionDied("Runtime.ExitError", "the function's process ended without an answer") from None
        if "error" in answer:
            error = answer["error"]
            raise FunctionError(error["type"], error["message"])
        return answer

    async def closed(self) -> None:
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    def kill(self) -> None:
        """End its process group: the zygote reaps the leader, so a group that is gone already is no error."""
        self._writer.close()
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


class Pool:
    """One function's processes: started when first needed, one call each at a time, callers beyond `most` queue."""

    def __init__(self, zygote: Zygote, program: Program) -> None:
        self._zygote = zygote
        self._program = program
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._slots = program.most
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def size(self) -> int:
        return len(self._idle) + len(self._busy)

    async def invoke(self, invocation: Invocation) -> Any:
        """The handler's result. Raises FunctionError; a process that overran or died is replaced at the next call."""
        await self._enter()
        try:
            worker = self._idle.pop() if self._idle else await _Worker.start(self._zygote, self._program)
            return await self._call(worker, invocation)
        finally:
            self._leave()

    async def _call(self, worker: _Worker, invocation: Invocation) -> Any:
        message = {
            "event": invocation.event,
            "request_id": invocation.request_id,
            "offset": invocation.offset,
            "timeout": self._program.timeout,
        }
        self._busy.add(worker)
        healthy = False
        try:
            answer = await worker.call(message, self._program.timeout)
            healthy = True
        except FunctionError as error:
            healthy = type(error) is FunctionError
            raise
        finally:
            self._busy.discard(worker)
            if healthy:
                self._idle.append(worker)
            else:
                worker.kill()
        return answer["result"]

    async def _enter(self) -> None:
        if self._slots > 0:
            self._slots -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._slots += 1

    async def close(self) -> None:
        """End every process."""
        workers = (*self._idle, *self._busy)
        self._idle.clear()
        for worker in workers:
            worker.kill()
            await worker.closed()
