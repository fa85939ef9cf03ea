"""The layers of third-party wheels: what the lock file says, for Lambda's platform, less what no function reads."""

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path

from infra import catalogue
from infra.declarations import Layer, ResourceKind
from infra.packaging import debug_info, descriptions
from infra.stage import Architecture

ROOT = Path(__file__).parents[2]
# Amazon Linux 2023, which the runtime stands on, has glibc 2.34.
PLATFORMS: dict[Architecture, str] = {"arm64": "aarch64-manylinux_2_34", "x86_64": "x86_64-manylinux_2_34"}
BOTOCORE_SERVICES: dict[ResourceKind, str] = {
    "table": "dynamodb",
    "queue": "sqs",
    "dead_letters": "sqs",
    "secret": "secretsmanager",
    "key": "kms",
    "bucket": "s3",
    "ses": "sesv2",
    "metrics": "cloudwatch",
}
# Without METADATA and entry points FastAPI cannot be imported; nobody reads the rest at run time.
KEPT_METADATA = frozenset({"METADATA", "entry_points.txt"})
UNREAD_SUFFIXES = frozenset({".md", ".pyi", ".typed", ".pxd", ".pyx", ".c", ".h"})
UNREAD_FOLDERS = frozenset({"tests", "__pycache__", "bin"})
UNREAD_PATTERNS = (
    "aws_lambda_powertools/event_handler",  # of Powertools we use the logger and the metrics
    "aws_lambda_powertools/utilities/[!_j]*",
    "zstandard/_cffi.*.so",  # its backend for other interpreters, with 10 MB of debugging symbols
    "dns/quic",  # of the DNS we speak what every server does
    "dns/dnssecalgs",
    "pydantic/v1",  # FastAPI imports it to tell its models from others, and does without it
    "pycparser",  # cffi parses C only when a binding is built,
    "cffi",  # and once it is, a binding asks for `_cffi_backend` alone
    "zstandard/backend_cffi.py",
)
# Without a terminal the CDK CLI sets FORCE_COLOR=0, which uv takes for a wish: its colours would be in what it exports.
_PLAIN = ("--color", "never")
_REQUIREMENT = re.compile(r"^\S.*(?:\n +.*)*", re.MULTILINE)  # with the indented lines of its hashes
_NAME = re.compile(r"[=;\[ ]")


def requirements(layer: Layer = "core") -> str:
    """The pinned and hashed requirements of a layer: the project's own, or its group's less those. Empty if none."""
    own = _exported("--no-default-groups")
    if layer == "core":
        return "\n".join(own.values())
    return "\n".join(pinned for name, pinned in _exported("--only-group", layer).items() if name not in own)


def _exported(*which: str) -> dict[str, str]:
    """By package: `name==version` with its marker and hashes."""
    command = [_uv(), "export", *which, "--frozen", "--no-emit-project", "--no-header", "--no-annotate", "-q", *_PLAIN]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return {_NAME.split(match, maxsplit=1)[0]: match for match in _REQUIREMENT.findall(done.stdout)}


def install(pinned: str, target: Path, architecture: Architecture) -> None:
    """Put the wheels below `target`, and nothing that they ask for besides: `pinned` is all of it, less what another
    layer has. Raises CalledProcessError when one has no wheel for the platform."""
    options = ["--no-deps", "--target", str(target), "--python-version", "3.13", "--only-binary", ":all:"]
    options += ["--require-hashes", *_PLAIN, "--python-platform", PLATFORMS[architecture]]
    subprocess.run(
        [_uv(), "pip", "install", "-q", *options, "-r", "-"],
        input=pinned,
        cwd=ROOT,
        check=True,
        text=True,
    )


def prune(site: Path) -> None:
    """Delete what no function reads: stubs, tests, and botocore's descriptions of services we do not call."""
    services, described = called_services(), site / "botocore/data"
    for path in sorted(_unread(site, services), reverse=True):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for library in site.rglob("*.so"):
        debug_info.blank(library)
    if described.exists():
        descriptions.slim(described, services)


def called_services() -> frozenset[str]:
    """botocore's names of the services that some function may call."""
    return frozenset(BOTOCORE_SERVICES[grant.kind] for function in catalogue.FUNCTIONS for grant in function.grants)


def _unread(site: Path, services: Collection[str]) -> Iterator[Path]:
    yield from (path for path in site.glob("botocore/data/*") if path.is_dir() and path.name not in services)
    for pattern in UNREAD_PATTERNS:
        yield from site.glob(pattern)
    yield from (path for path in site.rglob("*") if _is_unread(path))


def _is_unread(path: Path) -> bool:
    if path.parent.suffix == ".dist-info":
        return path.name not in KEPT_METADATA
    return path.suffix in UNREAD_SUFFIXES or path.name in UNREAD_FOLDERS or path.name.startswith("examples-")


def _uv() -> str:
    """The uv that runs us, or the one on the PATH. Raises FileNotFoundError when there is neither."""
    executable = os.environ.get("UV") or shutil.which("uv")
    if executable is None:
        raise FileNotFoundError("uv is not on the PATH: pip install uv")
    return executable
