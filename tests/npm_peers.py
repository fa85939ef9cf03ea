"""Servers that none of us wrote, from npm and locked. One that is missing is installed, never skipped."""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).with_name("peers")


def install() -> None:
    """Raises CalledProcessError, FileNotFoundError where there is no npm."""
    with (FOLDER / "package-lock.json").open() as lock:  # the tests run in two processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = FOLDER / "node_modules" / ".package-lock.json"  # npm writes it last
        if not done.exists() or done.stat().st_mtime < (FOLDER / "package-lock.json").stat().st_mtime:
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--prefix", str(FOLDER)], check=True)


@contextmanager
def peer(script: str) -> Iterator[str]:
    """Runs it; yields the first line that it prints, its address. It ends with its standard input."""
    install()
    command = ["node", str(FOLDER / script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=FOLDER) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address, f"{script} said nothing"
            yield address
        finally:
            process.stdin.close()
            process.wait(60)
