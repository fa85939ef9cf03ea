"""Runs a statement in a process of its own (`adapter_sandbox`): what DuckDB itself cannot bound, its end does."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from groundswell.analytics.engine.model import Files, Limits, SqlRefused, SqlTooHeavy, Statement, Table
from groundswell.analytics.engine.views import PERSONS, events_view

_SANDBOX = Path(__file__).with_name("adapter_sandbox.py")
_LIBRARIES = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
"""Where Lambda's Python finds its own; nothing else of the environment is handed on."""
_encoder = msgspec.json.Encoder(decimal_format="number")


class _Refusal(msgspec.Struct):
    refused: str
    heavy: bool


class SandboxFailed(Exception):
    """The sandbox could not be set up: ours to mend, and nothing was run."""


class Sandbox:
    def run(self, statement: Statement, files: Files, limits: Limits) -> Table:
        """Raises SqlRefused, SqlTooHeavy or SandboxFailed."""
        return self._run(statement, files, limits, explain=False)

    def explain(self, statement: Statement, files: Files, limits: Limits) -> str:
        """The plan, as JSON; empty where that cannot be had either."""
        try:
            planned = self._run(statement, files, limits, explain=True)
        except (SqlRefused, SqlTooHeavy):
            return ""
        return "\n".join(map(str, msgspec.json.decode(planned.rows)[0][1:]))

    def _run(self, statement: Statement, files: Files, limits: Limits, *, explain: bool) -> Table:
        paths = [*files.events, *filter(None, [files.links])]
        work = {
            "sql": statement.sql,
            "parameters": statement.parameters,
            "files": paths,
            "folder": str(Path(paths[0]).parent),
            "views": [events_view(files.events, files.links), PERSONS],
            "limits": vars(limits),
            "path": sys.path,
            "explain": explain,
        }
        try:
            done = subprocess.run(  # noqa: S603 - our own program; what is foreign is its input
                [sys.executable, "-I", "-S", str(_SANDBOX)],
                input=_encoder.encode(work),
                capture_output=True,
                timeout=limits.seconds,
                env=_LIBRARIES,
                cwd="/",
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SqlTooHeavy(f"it takes longer than {limits.seconds} s") from error
        if done.returncode == 1 and not done.stdout:
            raise SandboxFailed(done.stderr.decode("utf-8", "replace")[-2_000:])
        return _read(done.stdout, done.returncode)


def _read(output: bytes, code: int) -> Table:
    if code:
        raise SqlTooHeavy("it needs more memory or time than it may")
    if output.startswith(b'{"refused"'):
        refusal = msgspec.json.decode(output, type=_Refusal)
        raise (SqlTooHeavy if refusal.heavy else SqlRefused)(refusal.refused)
    return msgspec.json.decode(output, type=Table)
