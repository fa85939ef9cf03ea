"""`groundswell dev`: start everything, say where it is, run until told to stop."""

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from infra.catalogue import FUNCTIONS, QUEUES, SECRETS, TABLES
from infra.local.demo import Demo, SeedError
from infra.local.emulator import Emulator
from infra.local.environment import overridden
from infra.local.processes import Zygote
from infra.local.stage import LocalStage, System
from infra.packaging.openapi import write_document
from infra.stage import Stage, stage

CATALOGUE = System(functions=FUNCTIONS, tables=TABLES, queues=QUEUES, secrets=SECRETS, describe=write_document)


class StartError(Exception):
    """Why the stage cannot start here, for the person at the terminal."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Of the command line. Port 0 takes any free one."""

    port: int
    data_dir: Path
    reset: bool
    demo: bool
    rate_limits: bool


def run(options: Options, say: Callable[[str], None], system: System = CATALOGUE) -> None:
    """Serve until SIGINT or SIGTERM. Raises StartError."""
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as stack, contextlib.suppress(KeyboardInterrupt):
        listener = stack.enter_context(_listen(options.port))
        stack.enter_context(_claimed(options.data_dir))
        if options.reset:
            _wipe(options.data_dir)
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        document = (options.data_dir / "openapi.json").resolve()
        configured = _configured(options, base_url, document)
        say("starting the emulator (the first start downloads it)")
        # Importing every function takes seconds, as the emulator does.
        described = stack.enter_context(ThreadPoolExecutor(1)).submit(_describe, system, document, say)
        zygote = stack.enter_context(Zygote(log=options.data_dir / "functions.log"))
        emulator = stack.enter_context(Emulator(options.data_dir / "emulator"))
        say("making tables, queues and secrets")
        local = LocalStage(system, configured, data_dir=options.data_dir, emulator=emulator, zygote=zygote, log=say)
        described.result()
        asyncio.run(_serve(local, listener, options, base_url, say))
        say("stopping: saving the data")


def _configured(options: Options, base_url: str, document: Path) -> Stage:
    try:
        configured = overridden(stage("local"), os.environ)
    except ValueError as error:
        raise StartError(str(error)) from error
    return replace(
        configured,
        rate_limits=options.rate_limits,
        public_url=configured.public_url or base_url,
        openapi_document=str(document),
    )


def _describe(system: System, document: Path, say: Callable[[str], None]) -> None:
    if system.describe is not None:
        try:
            system.describe(document)
        except subprocess.CalledProcessError as error:
            say(f"no API document, so no /docs: {error}")


async def _serve(
    local: LocalStage, listener: socket.socket, options: Options, base_url: str, say: Callable[[str], None]
) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with local.serving(listener):
        stop = asyncio.create_task(stopped.wait())
        ready = asyncio.create_task(_announce(options, base_url, say))
        await asyncio.wait([stop, ready], return_when=asyncio.FIRST_COMPLETED)
        if ready.done():
            ready.result()
            await stop
        ready.cancel()


async def _announce(options: Options, base_url: str, say: Callable[[str], None]) -> None:
    say(f"API      {base_url}/api/v1")
    say(f"docs     {base_url}/docs")
    say(f"mailbox  {base_url}/_local/mail")
    if not options.demo:
        say("ready")
        return
    try:
        demo = await asyncio.to_thread(Demo(base_url, options.data_dir / "demo.json").ensure)
    except SeedError as error:
        say(f"no demo tenant: {error}")
        return
    say(f"login    {demo['email']} / {demo['password']}")
    say(f"API key  {demo['api_key']}")
    say(f"groundswell.demo {json.dumps(demo)}")
    say("ready")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise StartError(f"port {port} cannot be had ({error}): stop what uses it, or pass --port") from error
    return listener


@contextmanager
def _claimed(data_dir: Path) -> Iterator[None]:
    """Hold the folder against a second start. The lock ends with this process, however that ends."""
    data_dir.mkdir(parents=True, exist_ok=True)
    ignore = data_dir / ".gitignore"
    ignore.write_text("*\n")
    with (data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StartError(f"another `groundswell dev` uses {data_dir}: stop it, or pass --data-dir") from error
        yield


def _wipe(data_dir: Path) -> None:
    for entry in data_dir.iterdir():
        if entry.name in {"lock", ".gitignore"}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
