"""The contents of each asset, built into a folder that becomes its zip."""

import shutil
from pathlib import Path

from infra.declarations import Layer
from infra.packaging import wheels
from infra.packaging.bytecode import compile_tree
from infra.packaging.openapi import DOCUMENT, write_document
from infra.packaging.viewers import write_viewers
from infra.stage import Architecture

ROOT = Path(__file__).parents[2]
LAYER_AT = "/opt"
FUNCTION_AT = "/var/task"
# Which function serves the API's description.
DESCRIBES_THE_API = "system"


def build_function(name: str, out: Path) -> None:
    """`functions/<name>` below a package of that name: as the asset's root it would shadow standard modules."""
    package = out / "functions"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "functions/__init__.py", package)
    _copy(ROOT / "functions" / name, package / name)
    if name == DESCRIBES_THE_API:
        write_document(package / name / DOCUMENT)
        (package / name / DOCUMENT).unlink()  # packed, it is beside it
        write_viewers(package / name)
    compile_tree(out, FUNCTION_AT)


def build_own(out: Path) -> None:
    """`groundswell`, the layer that changes with every commit."""
    _copy(ROOT / "shared/python/groundswell", out / "python/groundswell")
    compile_tree(out, LAYER_AT)


def build_layer(layer: Layer, out: Path, architecture: Architecture) -> None:
    """The locked wheels of a layer, which change with the lock file."""
    site = out / "python"
    wheels.install(wheels.requirements(layer), site, architecture)
    wheels.prune(site)
    compile_tree(out, LAYER_AT)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "py.typed", "*.md"))
