"""The assets as CDK sees them: named by a digest of what goes in, built only when that is not built yet."""

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_

from infra.packaging import build, wheels
from infra.stage import Architecture

ROOT = Path(__file__).parents[2]
FUNCTIONS = ROOT / "functions"
SHARED = ROOT / "shared/python/groundswell"


def function_code(name: str) -> lambda_.Code:
    sources = [FUNCTIONS / "__init__.py", FUNCTIONS / name]
    if name == build.DESCRIBES_THE_API:
        sources = [FUNCTIONS, SHARED]  # the description follows from all of them
    return _asset(FUNCTIONS, name, sources, lambda out: build.build_function(name, out))


def own_code() -> lambda_.Code:
    return _asset(SHARED, "groundswell", [SHARED], build.build_own)


def third_party_code(architecture: Architecture) -> lambda_.Code:
    name = f"third-party {architecture} {_requirements()}"
    return _asset(ROOT / "infra/packaging", name, [], lambda out: build.build_third_party(out, architecture))


_requirements = cache(wheels.requirements)


@jsii.implements(ILocalBundling)
class _InThisProcess:
    """Builds an asset without docker."""

    def __init__(self, build_into: Callable[[Path], None]) -> None:
        self._build_into = build_into

    def try_bundle(self, output_dir: str, *_options: Any, **_more: Any) -> bool:
        self._build_into(Path(output_dir))
        return True


def _asset(source: Path, name: str, inputs: Iterable[Path], build_into: Callable[[Path], None]) -> lambda_.AssetCode:
    return lambda_.Code.from_asset(
        str(source),
        asset_hash=_digest(name, [ROOT / "infra/packaging", *inputs]),
        asset_hash_type=AssetHashType.CUSTOM,
        bundling=BundlingOptions(image=DockerImage.from_registry("none"), local=_InThisProcess(build_into)),
    )


def _digest(name: str, inputs: Iterable[Path]) -> str:
    """Changes with the name, and with the path or the bytes of any source below `inputs`."""
    digest = hashlib.sha256(name.encode())
    for root in inputs:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()
