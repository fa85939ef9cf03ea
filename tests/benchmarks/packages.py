"""What Lambda would get, built into a temporary folder: our layers and functions, and the peers' own packages."""

import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from infra import catalogue
from infra.packaging import build
from infra.packaging.bytecode import compile_tree
from infra.stage import host_architecture
from tests.benchmarks.report import Say

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
# Each peer ships what it needs and no more, in the versions that our lock file has.
_PEER_PACKAGES = {
    "hello": ("fastapi", "mangum"),
    "powertools": ("aws-lambda-powertools", "pydantic"),
    "chalice": ("chalice",),
    "naive": (
        "fastapi",
        "mangum",
        "boto3",
        "pydantic[email]",
        "pynamodb",
        "aws-lambda-powertools[tracer,validation]",
        "aws-xray-sdk",
        "httpx",
        "argon2-cffi",
        "pyjwt",
        "msgspec",
        "zstandard",
    ),
}


@dataclass(frozen=True)
class Packages:
    """Folders as Lambda would unpack them. `zipped` are bytes of each asset's zip, by name."""

    root: Path
    functions: tuple[str, ...]
    zipped: dict[str, int]

    def function(self, name: str, *, bytecode: bool = True) -> tuple[Path, ...]:
        """The import path of one of our functions: its asset and the two layers."""
        kind = "ours" if bytecode else "plain"
        return tuple(self.root / kind / part for part in (f"functions/{name}", "third/python", "own/python"))

    def peer(self, package: str) -> tuple[Path, ...]:
        return self.root / "peers/code", self.root / "peers" / package


def ready_functions() -> tuple[str, ...]:
    """Functions of the catalogue whose handler exists."""
    return tuple(
        function.name for function in catalogue.FUNCTIONS if (ROOT / f"functions/{function.name}/handler.py").exists()
    )


def build_all(root: Path, say: Say) -> Packages:
    """Build and zip everything."""
    functions = ready_functions()
    say("our layers and functions")
    ours = root / "ours"
    build.build_layer("core", ours / "third", host_architecture())
    build.build_own(ours / "own")
    for name in functions:
        build.build_function(name, ours / "functions" / name)
    shutil.copytree(ours, root / "plain", ignore=shutil.ignore_patterns("__pycache__"))
    zipped = {
        "third-party layer": zip_size(ours / "third"),
        "own layer": zip_size(ours / "own"),
        "functions": sum(zip_size(ours / "functions" / name) for name in functions),
        "the same without bytecode": zip_size(root / "plain"),
    }
    _build_peers(root / "peers", zipped, say)
    return Packages(root, functions, zipped)


def _build_peers(root: Path, zipped: dict[str, int], say: Say) -> None:
    pinned = root / "constraints.txt"
    root.mkdir()
    pinned.write_text(_lock())
    for package, names in _PEER_PACKAGES.items():
        say(f"peer {package}: {' '.join(names)}")
        command = ["pip", "install", "-q", "--target", str(root / package), "-c", str(pinned), *names]
        _uv(*command)
        zipped[f"peer {package}"] = zip_size(root / package)
        compile_tree(root / package, build.LAYER_AT)
    shutil.copytree(PEERS, root / "code", ignore=shutil.ignore_patterns("__pycache__"))
    compile_tree(root / "code", build.FUNCTION_AT)


def _lock() -> str:
    return _uv("export", "--frozen", "--all-groups", "--no-hashes", "--no-emit-project", "--no-header")


def _uv(*command: str) -> str:
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise FileNotFoundError("uv is not on the PATH: pip install uv")
    return subprocess.run([uv, "-q", *command], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def zip_size(folder: Path) -> int:
    """Bytes of the folder as a zip."""
    archive = folder.parent / f"{folder.name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                out.write(path, path.relative_to(folder))
    size = archive.stat().st_size
    archive.unlink()
    return size
