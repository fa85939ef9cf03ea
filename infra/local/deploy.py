"""`groundswell deploy --local`: the real `cdk deploy` of the unmodified app, onto the emulator."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra import catalogue
from infra.local.account import Account
from infra.local.demo import Demo
from infra.local.emulator import REGION, Emulator
from infra.local.front import serve_front
from infra.routing import INGEST_STAGE, Router

CDK = "aws-cdk@2.1148.1"  # 3.x refuses the schema of aws-cdk-lib 2
ACCOUNT = "000000000000"
STAGE = "local"
ROOT = Path(__file__).parents[2]

_STEPS = ("Bundling asset", ": deploying...", "\N{WHITE HEAVY CHECK MARK}", "synthesis time")
_COUNTED = re.compile(r"\|\s*\d+/\d+\s*\|")  # "Groundswell-local-Data | 3/12 | … | CREATE_COMPLETE | …"
_PROGRESS_SECONDS = 3.0

type Say = Callable[[str], None]


class DeployError(RuntimeError):
    """The deployment failed. The message ends with what the CDK CLI said last."""


@dataclass(frozen=True)
class Deployment:
    """The app as deployed. `outputs` are the stacks' by their names, `aws` is the account it is in."""

    base_url: str
    outputs: Mapping[str, str]
    aws: Account


def deploy_local(say: Say, port: int = 0) -> None:
    """Deploy, say where it is, and serve until SIGINT or SIGTERM. Raises DeployError.

    Programs read the line `groundswell.deployed ` with the JSON object `{"base_url", "aws_url"}` after it.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), deployed(say, port) as deployment:
        say(f"API    {deployment.base_url}")
        say(f"docs   {deployment.base_url}/docs")
        _seed(deployment, say)
        where = {"base_url": deployment.base_url, "aws_url": deployment.aws.emulator.endpoint}
        say(f"groundswell.deployed {json.dumps(where)}")
        say("Ctrl-C stops it and forgets everything")
        threading.Event().wait()


def _seed(deployment: Deployment, say: Say) -> None:
    """The demo tenant, as `dev` makes it. The deployment is forgotten at its end, and what was made with it."""
    with tempfile.TemporaryDirectory(prefix="groundswell-demo-") as folder:
        demo = Demo(deployment.base_url, Path(folder) / "demo.json").ensure()
    say(f"login  {demo['email']} / {demo['password']}")
    say(f"client {demo['client_id']}")
    say(f"key    {demo['api_key']}")
    say(f"groundswell.demo {json.dumps(demo)}")


@contextmanager
def deployed(say: Say, port: int = 0) -> Iterator[Deployment]:
    """The deployed app for as long as the block runs; nothing of it is left afterwards. Raises DeployError.

    `port` is the API's, on loopback; 0 takes a free one.
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="groundswell-deploy-")))
        say("starting the emulator")
        emulator = stack.enter_context(Emulator(None, enforce_iam=True, say=say))
        front = stack.enter_context(serve_front(port))
        aws = Account(emulator)
        _bootstrap(aws, scratch, say)
        outputs = _deploy(emulator, front.url, scratch, say)
        front.forward = partial(_target, f"{emulator.endpoint}/_aws/execute-api", outputs, Router(catalogue.FUNCTIONS))
        aws.enable_expiry(outputs)
        yield Deployment(front.url, outputs, aws)


def _target(apis: str, outputs: Mapping[str, str], router: Router, path: str) -> str:
    """The API that takes a path, as CloudFront divides them between the two."""
    match = router.match(path)
    if match is not None and match.function.name == catalogue.BYTES_FUNCTION:
        return f"{apis}/{outputs['IngestApiId']}/{INGEST_STAGE}"
    return f"{apis}/{outputs['HttpApiId']}/$default"


def _bootstrap(aws: Account, scratch: Path, say: Say) -> None:
    """From an empty folder: beside cdk.json it would synthesize, and leave half-built assets under their names."""
    empty = scratch / "empty"
    empty.mkdir()
    _cdk(["bootstrap", "--no-notices", f"aws://{ACCOUNT}/{REGION}"], aws.emulator, empty, say)
    aws.allow_plain_http()


def _deploy(emulator: Emulator, public_url: str, scratch: Path, say: Say) -> dict[str, str]:
    """Deploy every stack. Returns their outputs."""
    outputs_file = scratch / "outputs.json"
    context = ["-c", f"stage={STAGE}", "-c", f"public_url={public_url}"]
    files = ["--output", str(scratch / "cdk.out"), "--outputs-file", str(outputs_file)]
    _cdk(["deploy", "--all", "--require-approval", "never", *context, *files], emulator, ROOT, say)
    stacks: dict[str, dict[str, str]] = json.loads(outputs_file.read_text())
    return {name: value for outputs in stacks.values() for name, value in outputs.items()}


def _cdk(arguments: list[str], emulator: Emulator, folder: Path, say: Say) -> None:
    npx = shutil.which("npx")
    if npx is None:
        raise DeployError("npx is not on the PATH: install Node 20 or later")
    say(f"cdk {arguments[0]}")
    process = subprocess.Popen(
        [npx, "--yes", "--prefer-offline", CDK, *arguments],
        cwd=folder,
        env=_environment(emulator),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        last = _follow(process, say)
        if process.wait() != 0:
            raise DeployError(f"cdk {arguments[0]} failed:\n{last}")
    finally:
        _end(process)


def _follow(process: subprocess.Popen[str], say: Say) -> str:
    """Say how each stack is doing, and return the end of everything that was printed."""
    lines: list[str] = []
    quiet_until = 0.0
    for line in process.stdout or ():
        lines.append(line.rstrip())
        counted = _COUNTED.search(line) is not None
        if any(step in line for step in _STEPS) or (counted and time.monotonic() > quiet_until):
            say(" ".join(line.split()))
            quiet_until = time.monotonic() + _PROGRESS_SECONDS
    return "\n".join(lines[-60:])


def _environment(emulator: Emulator) -> dict[str, str]:
    """The operator's own, for npm's sake, with nothing in it that leads to a real account."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    path = os.pathsep.join((str(Path(sys.executable).parent), own.get("PATH", "")))
    quiet = {
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "NO_COLOR": "1",
    }
    return own | emulator.environment | quiet | {"PATH": path}


def _end(process: subprocess.Popen[str]) -> None:
    """Whatever npx started shares its session, and must not outlive an interrupted deployment."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
