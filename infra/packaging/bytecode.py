"""Bytecode: Lambda's code folder is read-only, so what is not compiled here is compiled at every cold start."""

import os
import subprocess
import sys
from pathlib import Path

RUNTIME_VERSION = (3, 13)


class WrongPython(RuntimeError):
    """Bytecode of another minor version would be ignored by the runtime."""


def compile_tree(folder: Path, deployed_at: str) -> None:
    """Put a `.pyc` beside every module below `folder`, naming it in tracebacks as `deployed_at` will have it.

    Unchecked: the runtime must not compare it with a source whose time stamp the zip lost. In a process of its own, in
    one thread and with a fixed hash seed, because marshalled code depends on what else the process has interned.
    Raises WrongPython, and CalledProcessError for a module that does not compile.
    """
    if sys.version_info[:2] != RUNTIME_VERSION:
        raise WrongPython(f"package with Python {'.'.join(map(str, RUNTIME_VERSION))}, not {sys.version.split()[0]}")
    options = ["--invalidation-mode", "unchecked-hash", "-q", "-f", "-s", str(folder), "-p", deployed_at]
    subprocess.run(
        [sys.executable, "-m", "compileall", *options, str(folder)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        cwd=folder,
    )
