"""The assets as CDK sees them: folders that are built when their sources change, and named by what is in them.

A version of a Lambda function is published when its template names new code. Named by anything but its bytes, code that
is new in name alone would fail the deployment: AWS has a version of it ("A version for this Lambda function exists").
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.declarations import Layer
from infra.packaging import build, wheels
from infra.stage import Architecture

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "infra/packaging"
FUNCTIONS = ROOT / "functions"
SHARED = ROOT / "shared/python/groundswell"
BUILT = ROOT / "build"  # by name and digest of the sources, the newest of each name

type Builder = Callable[[Path], None]


def function_code(scope: Construct, name: str) -> lambda_.Code:
    sources = [FUNCTIONS / "__init__.py", FUNCTIONS / name]
    # It has the description of all of them, and pages from a locked package.
    described = [FUNCTIONS, SHARED, ROOT / "uv.lock"] if name == build.DESCRIBES_THE_API else []
    return _code(scope, name, FUNCTIONS / name, [*sources, *described], lambda out: build.build_function(name, out))


def own_code(scope: Construct) -> lambda_.Code:
    return _code(scope, "groundswell", SHARED, [SHARED], build.build_own)


def layer_code(scope: Construct, layer: Layer, architecture: Architecture) -> lambda_.Code | None:
    """The layer's wheels. None if it has none, so that there is nothing to make a layer of."""
    pinned = _requirements(layer)
    if not pinned:
        return None
    name = f"layer-{layer}-{architecture}"
    decisive = f"{pinned} {sorted(wheels.called_services())}"
    return _code(scope, name, PACKAGING, [], lambda out: build.build_layer(layer, out, architecture), decisive)


_requirements = cache(wheels.requirements)


def _code(
    scope: Construct, name: str, source: Path, inputs: Iterable[Path], build_into: Builder, decisive: str = ""
) -> lambda_.Code:
    """CDK names the folder by what is in it. What only lists or destroys stacks bundles nothing: there, the sources."""
    if not Stack.of(scope).bundling_required:
        return lambda_.Code.from_asset(str(source), exclude=["__pycache__"])
    return lambda_.Code.from_asset(str(_built(name, _digest(decisive, [PACKAGING, *inputs]), build_into)))


def _built(name: str, digest: str, build_into: Builder) -> Path:
    """The folder that was built from the sources of that digest, now or earlier."""
    finished = BUILT / name / digest
    if not finished.is_dir():
        finished.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILT) as scratch:
            build_into(Path(scratch) / digest)
            for older in finished.parent.iterdir():
                shutil.rmtree(older, ignore_errors=True)
            (Path(scratch) / digest).rename(finished)
    return finished


def _digest(name: str, inputs: Iterable[Path]) -> str:
    """Changes with the name, and with the path or the bytes of any source below `inputs`."""
    digest = hashlib.sha256(name.encode())
    for root in inputs:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()
