"""`groundswell dev`: start everything, say where it is, run until told to stop."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType

from infra.catalogue import BUCKETS, FUNCTIONS, KEYS, QUEUES, SECRETS, TABLES
from infra.local.claim import Claim
from infra.local.demo import EMAIL, ORGANIZATION, PASSWORD, Demo, SeedError
from infra.local.emulator import ENDPOINT, Emulator, await_unused
from infra.local.environment import overridden, unknown
from infra.local.processes import Zygote
from infra.local.stage import LocalStage, System
from infra.packaging.openapi import UndescribedApi, write_document
from infra.packaging.viewers import write_viewers
from infra.stage import Stage, stage

CATALOGUE = System(
    functions=FUNCTIONS,
    tables=TABLES,
    queues=QUEUES,
    secrets=SECRETS,
    keys=KEYS,
    buckets=BUCKETS,
    describe=write_document,
)


_PARENT_SECONDS = 0.5
LOOPBACK = "http://localhost:*,http://127.0.0.1:*"
"""From where browsers may call, unless the operator says: whatever a developer's own machine serves."""


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
    """Serve until SIGINT or SIGTERM. Raises StartError, Claimed and EmulatorError."""
    signal.signal(signal.SIGTERM, _interrupt)
    go_direct(os.environ)
    with contextlib.suppress(KeyboardInterrupt), ExitStack() as stack:
        claim = stack.enter_context(Claim(options.data_dir, say))
        listener = stack.enter_context(_listen(options.port))
        if options.reset:
            await_unused(options.data_dir / "emulator")
            claim.wipe()
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        document = (options.data_dir / "openapi.json").resolve()
        configured = _configured(options, base_url, document)
        for line in unknown(configured, os.environ):
            say(f"warning: {line}")
        say("starting the emulator")
        # Importing every function takes seconds, as the emulator does.
        described = stack.enter_context(ThreadPoolExecutor(1)).submit(_describe, system, document, say)
        zygote = stack.enter_context(Zygote(log=options.data_dir / "functions.log"))
        emulator = stack.enter_context(Emulator(options.data_dir / "emulator", say=say))
        (options.data_dir / ENDPOINT).write_text(emulator.endpoint)
        emulator.release_messages()
        say("making tables, queues and secrets")
        local = LocalStage(system, configured, data_dir=options.data_dir, emulator=emulator, zygote=zygote, log=say)
        described.result()
        asyncio.run(_serve(local, listener, claim.stopping, partial(_announce, options, configured, base_url, say)))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut the saving short
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say("saving the data")


def go_direct(environment: MutableMapping[str, str]) -> None:
    """What is on this machine is asked for without the proxy of a company."""
    for name in ("no_proxy", "NO_PROXY"):
        environment[name] = ",".join(filter(None, (environment.get(name), "127.0.0.1,localhost")))


def _configured(options: Options, base_url: str, document: Path) -> Stage:
    try:
        configured = overridden(stage("local"), os.environ)
    except ValueError as error:
        raise StartError(str(error)) from error
    return replace(
        configured,
        rate_limits=options.rate_limits,
        frontend_origins=configured.frontend_origins or LOOPBACK,
        public_url=configured.public_url or base_url,
        openapi_document=str(document),
    )


def _describe(system: System, document: Path, say: Callable[[str], None]) -> None:
    if system.describe is not None:
        try:
            write_viewers(document.parent)
            system.describe(document)
        except UndescribedApi as error:
            say(f"no API document, so no /docs: {error}")


async def _serve(
    local: LocalStage, listener: socket.socket, stopping: Callable[[], None], announce: Callable[[], None]
) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with local.serving(listener), asyncio.TaskGroup() as tasks:
        tasks.create_task(_stop_with_uv(stopped))
        announcing = tasks.create_task(asyncio.to_thread(announce))
        await stopped.wait()
        announcing.cancel()
        stopping()


async def _stop_with_uv(stopped: asyncio.Event) -> None:
    """`uv run` takes our place at the terminal: when it is killed we stop. Any other parent may go."""
    parent = os.getppid()
    if _command(parent) != "uv":
        return
    while not stopped.is_set():
        try:
            async with asyncio.timeout(_PARENT_SECONDS):
                await stopped.wait()
        except TimeoutError:
            if os.getppid() != parent:
                stopped.set()


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _announce(options: Options, configured: Stage, base_url: str, say: Callable[[str], None]) -> None:
    say(f"API      {base_url}/api/v1")
    say(f"docs     {base_url}/docs")
    say(f"mailbox  {base_url}/_local/mailbox")
    if options.demo:
        _seed(options, configured, base_url, say)
    say("ready")


def _seed(options: Options, configured: Stage, base_url: str, say: Callable[[str], None]) -> None:
    anybody_may = configured.signup_mode == "open" and not configured.require_verification
    try:
        founded = None if anybody_may else partial(_create_demo, options.data_dir)
        demo = Demo(base_url, options.data_dir / "demo.json", founded).ensure()
    except SeedError as error:
        say(f"no demo tenant: {error}")
        return
    say(f"login    {demo['email']} / {demo['password']}")
    say(f"client   {demo['client_id']}")
    say(f"API key  {demo['api_key']}")
    say(f"groundswell.demo {json.dumps(demo)}")


def _create_demo(data_dir: Path) -> None:
    from groundswell.tenancy.auth.service import SignUp  # with what these import every start would take a second longer
    from infra.local.operators import OperatorError, create_with_organization

    try:
        create_with_organization(SignUp(EMAIL, PASSWORD, "Demo", "Admin", ORGANIZATION), data_dir)
    except OperatorError as error:
        raise SeedError(str(error)) from error


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off (40 ms a request) only where the protocol is spelled out.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise StartError(f"port {port} cannot be had ({error}): stop what uses it, or pass --port") from error
    return listener
