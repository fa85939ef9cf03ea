"""The AWS emulator as a child process: started on a free loopback port, stopped cleanly, its data kept if asked."""

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

PACKAGE = "ministack==1.5.33"
REGION = "us-east-1"
ENDPOINT = "emulator.url"
"""Where in its data folder a running `groundswell dev` says where its emulator is."""
START_SECONDS = 60.0
STOP_SECONDS = 30.0
_BYTES_A_SECOND = 10_000_000
"""Of state, at least: a stage of 100,000 leads has a gigabyte, to be read when it starts and written when it stops."""
_log = logging.getLogger(__name__)
_ROOT = Path(__file__).parents[2]
# The project comes last on the path, and by code: what the emulator starts must not inherit it.
_SERVER = "import sys; sys.path.append(sys.argv.pop(1)); from infra.local.emulator_server import main; main()"


class EmulatorError(RuntimeError):
    """The emulator could not be started. The message says why and what its log ends with."""


def free_port() -> int:
    """A loopback port that nobody listens on at this moment, below those that the system gives to outgoing calls.

    One of those might be taken before whoever asked listens on it.
    """
    while True:
        port = random.randrange(20_000, 32_768)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def await_unused(data_dir: Path) -> None:
    """Until the emulator of a launcher that was killed has saved its state there. Raises EmulatorError."""
    lock = data_dir / "state" / "lock"
    deadline = time.monotonic() + STOP_SECONDS + _state_seconds(data_dir)
    while lock.exists() and not _is_free(lock):
        if time.monotonic() > deadline:
            raise EmulatorError(f"an emulator that an earlier start left behind still holds {lock}")
        time.sleep(0.05)


def _state_seconds(data_dir: Path | None) -> float:
    """How long the state below a folder may take to be read or written, beside what any start or stop takes."""
    size = 0
    for file in (data_dir / "state").rglob("*") if data_dir else ():
        with contextlib.suppress(FileNotFoundError):  # snapshots and journals are replaced meanwhile
            size += file.stat().st_size
    return size / _BYTES_A_SECOND


def _is_free(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@cache
def emulator_python(say: Callable[[str], None]) -> str:
    """The interpreter of the emulator's own environment, which uv builds once, and says so before it downloads.

    Its own, because it pins botocore; on our Python, because it runs Lambdas with its own interpreter.
    """
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise EmulatorError("uv is not on the PATH: `pip install uv`")
    try:
        return _tool_python(uv, "--offline")
    except subprocess.CalledProcessError:
        say(f"downloading the emulator, {PACKAGE} (once)")
    try:
        return _tool_python(uv)
    except subprocess.CalledProcessError as error:
        raise EmulatorError(
            f"{PACKAGE} is not on this machine and could not be downloaded: {error.stderr.strip()}"
        ) from error


def _tool_python(uv: str, *options: str) -> str:
    """Raises CalledProcessError where uv has no such environment and cannot make it."""
    command = [uv, "tool", "run", *options, "--python", sys.executable, "--from", PACKAGE]
    show = ["python", "-c", "import sys; print(sys.executable)"]
    answer = subprocess.run([*command, *show], capture_output=True, text=True, check=True)
    return answer.stdout.strip().splitlines()[-1]


def emulator_environment(endpoint: str) -> dict[str, str]:
    """What points an AWS SDK at an emulator. The credentials are no secret: any would do."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class Emulator:
    """`with Emulator(data_dir) as emulator:` — data_dir None keeps nothing.

    `enforce_iam` holds every call against the caller's policies, as AWS does; the emulator's own credentials are root.

    Enter it from the main thread: the child dies with the thread that started it (PR_SET_PDEATHSIG).
    """

    def __init__(
        self,
        data_dir: Path | None,
        port: int | None = None,
        *,
        enforce_iam: bool = False,
        say: Callable[[str], None] = _log.info,
    ) -> None:
        self._say = say
        self.port = port or free_port()
        self._enforce_iam = enforce_iam
        self._data_dir = data_dir
        self._scratch = Path()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What points an AWS SDK at this emulator."""
        return emulator_environment(self.endpoint)

    @property
    def pid(self) -> int:
        """The server's process id. Raises RuntimeError before the start."""
        if self._process is None:
            raise RuntimeError("the emulator is not running")
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def _state_dir(self) -> str:
        return "" if self._data_dir is None else str(self._data_dir.absolute() / "state")

    @property
    def log(self) -> Path:
        return (self._data_dir or self._scratch) / "emulator.log"

    def __enter__(self) -> Self:
        # Lambdas unpacked by the emulator, and whatever else it leaves in the temporary directory, goes with this one.
        self._scratch = self._make_scratch()
        try:
            self._start()
            self._await_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Save the state, end the server and everything it started. Does nothing the second time."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS + _state_seconds(self._data_dir))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _end_group(process.pid)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def save(self) -> None:
        """Write everything down now. Later changes are, too, each before its answer; see `durability`."""
        self._post("save", b"")

    def release_messages(self) -> None:
        """Let messages that consumers of an earlier start were killed over be received at once."""
        self._post("release", b"")

    def trim_stream(self, table: str, done: str) -> None:
        """Drop a table's stream records up to that sequence number: every consumer is past it."""
        self._post("trim", json.dumps({"table": table, "done": done}).encode())

    def _post(self, command: str, body: bytes) -> None:
        if self._data_dir is not None:
            request = urllib.request.Request(f"{self.endpoint}/_groundswell/{command}", data=body, method="POST")  # noqa: S310 our own loopback URL
            patience = STOP_SECONDS + _state_seconds(self._data_dir)
            urllib.request.urlopen(request, timeout=patience).close()  # noqa: S310 the same

    async def revive(self) -> None:
        """Start it again after it died, on the same port, with what it had saved. Raises EmulatorError."""
        self._start()
        await asyncio.to_thread(self._await_ready)

    def _make_scratch(self) -> Path:
        if self._data_dir is None:
            return Path(tempfile.mkdtemp(prefix="groundswell-emulator-"))
        await_unused(self._data_dir)
        folder = self._data_dir.absolute() / "scratch"
        shutil.rmtree(folder, ignore_errors=True)  # of runs that were killed
        folder.mkdir(parents=True, exist_ok=True)
        # One of its own: the one before may be removing its own still.
        return Path(tempfile.mkdtemp(dir=folder))

    def _start(self) -> None:
        python = emulator_python(self._say)
        self._scratch.mkdir(exist_ok=True)  # one that was stopped removed it
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal must not stop it before the handlers are done with it.
            self._process = subprocess.Popen(
                [python, "-P", "-c", _SERVER, str(_ROOT), str(os.getpid()), self._state_dir],
                env=self._server_environment(),
                cwd=self._scratch,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _server_environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
        data = self._data_dir or self._scratch
        return kept | {
            "TMPDIR": str(self._scratch),
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "localhost",
            "MINISTACK_REGION": REGION,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "AUTH": "true" if self._enforce_iam else "false",
            "LOG_LEVEL": "WARNING",
            "PERSIST_STATE": "0" if self._data_dir is None else "1",
            "S3_PERSIST": "0" if self._data_dir is None else "1",
            "S3_DATA_DIR": str((data / "s3").absolute()),
        }

    def _await_ready(self) -> None:
        seconds = START_SECONDS + _state_seconds(self._data_dir)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive:
                raise EmulatorError(f"the emulator ended at once: {self._log_tail()}")
            try:
                with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2) as answer:  # noqa: S310 our own loopback URL
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise EmulatorError(f"the emulator did not answer within {seconds:.0f} s: {self._log_tail()}")

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def _end_group(leader: int) -> None:
    """The workers that the emulator started share its process group, and it may have left some behind."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
