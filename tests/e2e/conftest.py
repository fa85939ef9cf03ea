"""`groundswell deploy --local`, run as a person runs it, once for all tests."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

ROOT = Path(__file__).parents[2]
DEPLOYED = "groundswell.deployed "
STOP_SECONDS = 180  # removing every unpacked function takes a busy disk more than a minute
PREFIX = "groundswell-local"


@dataclass(frozen=True)
class Deployed:
    """The app as a client sees it, and the account it is in as an operator does."""

    base_url: str
    aws_url: str
    http: httpx.Client

    def client(self, service: str) -> Any:
        return boto3.Session("test", "test", region_name="us-east-1").client(service, endpoint_url=self.aws_url)

    @cached_property
    def outputs(self) -> dict[str, str]:
        stacks = self.client("cloudformation").describe_stacks()["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for stack in stacks for output in stack.get("Outputs", [])}

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table, as an operator may look at it."""
        items: list[dict[str, Any]] = self.client("dynamodb").scan(TableName=self.outputs[f"Table{table.title()}"])[
            "Items"
        ]
        return items

    def log(self, function: str) -> list[str]:
        """What a function wrote, in CloudWatch."""
        logs, group = self.client("logs"), f"/aws/lambda/{PREFIX}-{function.replace('_', '-')}"
        return [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Nothing of it is left when the tests are over: no process, and no file in its temporary folder."""
    scratch = tmp_path_factory.mktemp("scratch")
    command = [sys.executable, "-m", "infra.local.cli", "deploy", "--local", "--port", "0"]
    own = {**os.environ, "TMPDIR": str(scratch)}
    with subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True) as process:
        try:
            with _announced(process) as deployed:
                yield deployed
            process.send_signal(signal.SIGINT)
            assert process.wait(STOP_SECONDS) == 0
        finally:
            process.kill()
    assert _processes_below(scratch) == []
    assert list(scratch.iterdir()) == []


@contextmanager
def _announced(process: subprocess.Popen[str]) -> Iterator[Deployed]:
    for line in process.stdout or ():
        if line.startswith(DEPLOYED):
            where = json.loads(line.removeprefix(DEPLOYED))
            with httpx.Client(base_url=where["base_url"], timeout=30) as http:
                yield Deployed(http=http, **where)
            return
    raise AssertionError(f"the command ended with {process.wait()}: its errors are above")


def _processes_below(folder: Path) -> list[str]:
    """Whatever still runs with the folder as its temporary one: the emulator, its workers, npx and CDK."""
    commands = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment, command = (process / "environ").read_bytes(), (process / "cmdline").read_text()
        except OSError:  # ended meanwhile, or somebody else's
            continue
        if str(folder).encode() in environment:
            commands.append(command.replace("\0", " "))
    return commands
