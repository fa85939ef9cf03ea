"""The one description of the whole API, made from what every HTTP function says about itself.

Built when the assets are, in a process of its own: `infra` does not import handlers.
"""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

from infra import catalogue

ROOT = Path(__file__).parents[2]
DOCUMENT = "openapi.json"
GROUPS = "openapi"  # the folder beside it, with a document for each group of functions


class UndescribedApi(RuntimeError):
    """A function could not be imported, or could not describe itself. The message has its traceback."""


def write_document(path: Path) -> None:
    """Write the document to `path`, and beside it packed (`openapi.json.gz`, `openapi/<group>.json.gz`). Raises
    UndescribedApi."""
    # Nothing of the builder's own environment decides what the API says; AWS is never called.
    environment = {"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1", "STAGE": "build"}
    command = [sys.executable, "-m", "infra.packaging.openapi", str(path.resolve())]
    # A group of its own: Ctrl-C at the terminal is the builder's to deal with.
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, process_group=0
    )
    if done.returncode != 0:
        raise UndescribedApi(done.stderr)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """By file name: the merged document, and one for each group. Imports every HTTP function: call it in a process that
    is for nothing else."""
    from groundswell.http.openapi import merge
    from groundswell.http.presentation import presentable

    serving = [function for function in catalogue.FUNCTIONS if function.routes]
    described = {function.name: _described(function.name) for function in serving}
    yield DOCUMENT, presentable(merge(deepcopy(described).items()))
    for group in dict.fromkeys(function.group for function in serving):
        own = {function.name: described[function.name] for function in serving if function.group == group}
        yield f"{GROUPS}/{group}.json", presentable(merge(deepcopy(own).items()))


def _described(name: str) -> dict[str, Any]:
    """A function's own description: from its FastAPI app, or from its `openapi.paths` where it has none."""
    from groundswell.http.openapi import describe, describe_by_hand

    app = getattr(import_module(f"functions.{name}.handler"), "app", None)
    if app is not None:
        return describe(app)
    return describe_by_hand(import_module(f"functions.{name}.openapi").paths())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    half = path.with_suffix(".half")
    half.write_bytes(content)
    half.replace(path)  # a reader finds the whole document or none


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for file, content in documents():
        text = json.dumps(content, separators=(",", ":")).encode()
        if file == DOCUMENT:
            _write(target, text)
        _write(target.parent / f"{file}.gz", gzip.compress(text, mtime=0))
