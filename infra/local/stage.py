"""The whole system in one process tree: emulator, function processes, gateway, consumers."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from botocore.exceptions import BotoCoreError, ClientError

from infra.declarations import Bucket, Function, Key, Queue, QueueTrigger, ScheduleTrigger, Secret, StreamTrigger, Table
from infra.local.checkpoints import Checkpoints
from infra.local.clock import StageClock
from infra.local.emulator import REGION, Emulator, EmulatorError
from infra.local.environment import ACCOUNT, process_environment
from infra.local.functions import Functions, Log
from infra.local.gateway import Gateway
from infra.local.local_api import LocalApi
from infra.local.mailbox import Mailbox
from infra.local.processes import Pool, Program, Zygote
from infra.local.queues import QueueConsumer
from infra.local.quiet import Quiet
from infra.local.resources import Builder, Clients
from infra.local.schedules import Schedules
from infra.local.streams import StreamConsumer
from infra.local.timers import DueIndex
from infra.routing import Router
from infra.stage import Stage

DRAIN_SECONDS = 5
_QUEUE_READERS = 2
_SPARE_THREADS = 8  # for what is not a consumer's wait: deleting messages, trimming streams, the mailbox
_TRIM_SECONDS = 30
_LOG_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class System:
    """What there is to run. Handlers are `<package>.<function>.handler.handler`; `path` goes before sys.path.

    `describe` writes the API's OpenAPI document to a path.
    """

    functions: Sequence[Function]
    tables: Sequence[Table]
    queues: Sequence[Queue]
    secrets: Sequence[Secret]
    keys: Sequence[Key] = ()
    buckets: Sequence[Bucket] = ()
    package: str = "functions"
    path: tuple[str, ...] = ()
    describe: Callable[[Path], None] | None = None


class LocalStage:
    """Built on a running emulator and zygote; `serve` runs it until the caller is done."""

    def __init__(
        self, system: System, stage: Stage, *, data_dir: Path, emulator: Emulator, zygote: Zygote, log: Log
    ) -> None:
        self._system = system
        self._stage = stage
        self._data_dir = data_dir
        self._emulator = emulator
        self._log = log
        clients = Clients(emulator.environment)
        self.clients = clients
        self.resources = Builder(clients, stage).build(
            tables=system.tables,
            queues=system.queues,
            secrets=system.secrets,
            keys=system.keys,
            buckets=system.buckets,
            functions=system.functions,
        )
        emulator.save()
        self._checkpoints = Checkpoints(data_dir / "checkpoints.json")
        self.clock = StageClock(data_dir / "clock.json")
        pools = {function.name: Pool(zygote, self._program(function)) for function in system.functions}
        self.functions = Functions(pools, self.clock, log)
        self._schedules = self._make_schedules()
        self._queue_consumers = [*self._make_queue_consumers()]
        self._stream_consumers = [*self._make_stream_consumers()]
        quiet = Quiet(self.functions, self._queue_consumers, self._stream_consumers)
        mailbox = Mailbox(clients, self.resources.tables.get("ephemeral", ""))
        local = LocalApi(mailbox, self.clock, self._schedules, quiet.wait)
        self._gateway = Gateway(Router(system.functions), self.functions, self.clock, local)

    def _program(self, function: Function) -> Program:
        logs = self._data_dir / "logs"
        logs.mkdir(exist_ok=True)
        environment = process_environment(
            function,
            self._stage,
            tables=self.resources.tables,
            queues=self.resources.queues,
            secrets=self.resources.secrets,
            keys=self.resources.keys,
            buckets=self.resources.buckets,
            emulator=self._emulator.environment,
        )
        if function.trigger:  # as the workers' stack does
            environment["QUEUE_DEAD_LETTERS"] = self.resources.dead_letters[function.name]
        log = logs / f"{function.name}.log"
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))
        return Program(
            name=function.name,
            handler=f"{self._system.package}.{function.name}.handler.handler",
            environment=environment,
            arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self._stage.physical_name(function.name)}",
            log=log,
            timeout=function.timeout,
            path=self._system.path,
        )

    def _make_schedules(self) -> Schedules:
        scheduled = [
            (function, function.trigger)
            for function in self._system.functions
            if isinstance(function.trigger, ScheduleTrigger)
        ]
        return Schedules(
            scheduled,
            self.functions,
            self.clock,
            self.clients,
            self.resources.dead_letters,
            self._data_dir / "schedules.json",
            DueIndex(self.clients.dynamodb, self.resources.tables.get("core", "")),
        )

    def _consumers(self) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        runs: list[Callable[[], Coroutine[Any, Any, None]]] = [self._schedules.run, self._trim_streams]
        runs += [consumer.run for consumer in self._queue_consumers for _ in range(_QUEUE_READERS)]
        return runs + [consumer.run for consumer in self._stream_consumers]

    def _make_queue_consumers(self) -> Iterator[QueueConsumer]:
        for function in self._system.functions:
            if isinstance(trigger := function.trigger, QueueTrigger):
                url = self.resources.queues[trigger.queue]
                yield QueueConsumer(function, trigger, self.clients, self.functions, url)

    def _make_stream_consumers(self) -> Iterator[StreamConsumer]:
        for function in self._system.functions:
            if isinstance(trigger := function.trigger, StreamTrigger):
                yield StreamConsumer(
                    function,
                    trigger,
                    stream=self.resources.streams[trigger.table],
                    dead_letters=self.resources.dead_letters[function.name],
                    clients=self.clients,
                    functions=self.functions,
                    checkpoints=self._checkpoints,
                )

    @asynccontextmanager
    async def serving(self, listener: socket.socket) -> AsyncIterator[None]:
        """Answer on that socket and consume; on the way out finish what is under way, within DRAIN_SECONDS."""
        server = _Server(
            uvicorn.Config(
                self._gateway,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=DRAIN_SECONDS,
                timeout_keep_alive=75,  # as a load balancer: clients reuse connections after a pause
                server_header=False,
                proxy_headers=False,  # X-Forwarded-For is anybody's claim
            )
        )
        consumers = self._consumers()
        # A consumer holds a thread while it waits for the emulator. Python's own pool has four more than there are
        # cores, so on a small machine most would wait for one another.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(len(consumers) + _SPARE_THREADS))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        background = [asyncio.create_task(self._supervise(run)) for run in consumers]
        background.append(asyncio.create_task(self._watch_emulator()))
        try:
            await server.listening.wait()
            yield
        finally:
            server.should_exit = True
            await serving
            await self._finish(background)
            await self.functions.close()

    async def _finish(self, background: Sequence[asyncio.Task[None]]) -> None:
        self.functions.stop()
        await asyncio.wait(background, timeout=DRAIN_SECONDS)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)

    async def _supervise(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Keep a consumer going: it may meet the emulator while that is starting again."""
        while not self.functions.stopping:
            try:
                await run()
            except (BotoCoreError, ClientError, OSError) as error:
                self._log(f"a consumer starts again: {error}")
                await asyncio.sleep(1)

    async def _trim_streams(self) -> None:
        """Let the emulator forget what every consumer of a stream is done with."""
        while not self.functions.stopping:
            await self.functions.pause(_TRIM_SECONDS)
            for table, readers in self._readers().items():
                done = min(self._checkpoints.get(reader) for reader in readers)
                await asyncio.to_thread(self._emulator.trim_stream, self.resources.tables[table], done)

    def _readers(self) -> dict[str, list[str]]:
        readers: dict[str, list[str]] = {}
        for function in self._system.functions:
            if isinstance(function.trigger, StreamTrigger):
                readers.setdefault(function.trigger.table, []).append(function.name)
        return readers

    async def _watch_emulator(self) -> None:
        while not self.functions.stopping:
            await self.functions.pause(0.5)
            if not self._emulator.alive:
                self._log("the emulator died: starting it again")
                try:
                    await self._emulator.revive()
                except EmulatorError as error:
                    self._log(str(error))


class _Server(uvicorn.Server):
    """Says when it listens. Signals are the command's business."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
