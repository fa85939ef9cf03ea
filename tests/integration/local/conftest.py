"""The toy stage as a process of its own, as a person at a terminal would start it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from infra.local.emulator import REGION
from infra.local.resources import Clients

STAGE = Path(__file__).with_name("toy_stage.py")
MARK = "GROUNDSWELL_TEST_MARK"


class Started:
    """One running stage: `http` calls it, `aws` looks at its tables and queues."""

    def __init__(self, data_dir: Path, *flags: str, **environment: str) -> None:
        self.data_dir = data_dir
        self.mark = uuid4().hex
        self.process = subprocess.Popen(
            [sys.executable, str(STAGE), str(data_dir), "0", *flags],
            env=os.environ | {MARK: self.mark} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.lines: list[str] = []
        for line in self.process.stdout:
            self.lines.append(line)
            if line.endswith(" ready\n"):
                break
        else:
            raise RuntimeError("".join(self.lines))
        self.base_url = re.search(r"http://127\.0\.0\.1:\d+", "".join(self.lines))[0]
        self.http = httpx.Client(base_url=self.base_url, timeout=120)
        endpoint = self.http.get("/echo/environment").json()["AWS_ENDPOINT_URL"]
        credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}
        self.aws = Clients({"AWS_ENDPOINT_URL": endpoint, **credentials})

    def __enter__(self) -> "Started":
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.close()
        if self.process.poll() is None:
            self.process.terminate()
        self.process.stdout.close()
        self.process.wait(120)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait. Returns the exit status."""
        self.process.send_signal(number)
        return self.process.wait(120)

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def emulator_pid(self) -> int:
        return next(pid for pid in self.processes() if b"emulator_server" in _read(pid, "cmdline"))

    def processes(self) -> list[int]:
        """Whatever descends from this start and is still there."""
        marks = (f"{MARK}={self.mark}".encode(), str(self.data_dir).encode())
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return [pid for pid in pids if pid != self.process.pid and any(m in _read(pid, "environ") for m in marks)]

    def rows(self, pk: str) -> dict[str, int]:
        """What the toys noted in `ephemeral` under that key: sort key → times seen."""
        items = self.aws.dynamodb.query(
            TableName="groundswell-local-ephemeral",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
        )["Items"]
        return {item["sk"]["S"]: int(item.get("seen", {"N": "1"})["N"]) for item in items}

    def queue(self, name: str) -> str:
        return self.aws.sqs.get_queue_url(QueueName=f"groundswell-local-{name}")["QueueUrl"]

    def waiting(self, name: str) -> int:
        """Messages in a queue, those in somebody's hands included."""
        kinds = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.aws.sqs.get_queue_attributes(QueueUrl=self.queue(name), AttributeNames=kinds)["Attributes"]
        return sum(int(attributes[kind]) for kind in kinds)

    def letters(self, name: str) -> list[str]:
        """The bodies of the messages that wait in a queue."""
        answer = self.aws.sqs.receive_message(QueueUrl=self.queue(name), MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [message["Body"] for message in answer.get("Messages", [])]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return b""


def eventually[T](look: Callable[[], T], wanted: Callable[[T], bool] = bool, seconds: float = 120) -> T:
    """What `look` returns once it is as wanted. The patience is a busy machine's: who waits for it has failed."""
    deadline = time.monotonic() + seconds
    while not wanted(value := look()):
        assert time.monotonic() < deadline, f"still {value!r} after {seconds} s"
        time.sleep(0.1)
    return value


@pytest.fixture(scope="session")
def toy_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    with Started(tmp_path_factory.mktemp("stage"), PYTHON_CPU_COUNT="1") as started:  # as on the smallest machine
        yield started


@pytest.fixture
def start() -> type[Started]:
    return Started


@pytest.fixture(name="eventually")
def eventually_fixture() -> Callable[..., object]:
    return eventually
