"""One start at a time on a data folder of ours. Its lock ends with the process that holds it, however that ends."""

import fcntl
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TextIO

from infra.local.files import PART

MARKER = "groundswell-data"
"""The file that says that a folder is a data folder: only there is anything ever written or removed."""
_SETTLE_SECONDS = 1.0
_STOP_SECONDS = 300.0  # a gigabyte of state takes a minute to be written
_STOPPING = "stopping"
_KEPT = frozenset({"lock", ".gitignore", MARKER})
_DATA = frozenset(
    {
        "checkpoints.json",
        "clock.json",
        "demo.json",
        "emulator",
        "emulator.url",
        "functions.log",
        "logs",
        "openapi.json",
        "schedules.json",
        "viewers",
    }
)
_MARKED = "A data folder of `groundswell dev`, which --reset empties.\n"


class Claimed(Exception):
    """This folder cannot be had: somebody else runs on it, it is not ours, or it is none that we can write to."""


class Claim:
    """`with Claim(folder) as claim:`. One that is just stopping is waited for; one that runs is not.

    The folder is made, or empty, or was made by an earlier start: any other is refused untouched.
    """

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._lock: TextIO

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._mark()
            self._lock = (self._folder / "lock").open("a+")
        except OSError as error:
            raise Claimed(f"{self._folder} cannot hold the data ({error.strerror}): pass --data-dir") from error
        try:
            self._acquire()
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._write("")
        self._lock.close()

    def stopping(self) -> None:
        """Let the next start know that waiting is worth it."""
        self._write(_STOPPING)

    def wipe(self) -> None:
        """Remove what starts made in the folder, by name. Whatever else lies there is somebody's, and stays."""
        for entry in self._folder.iterdir():
            if entry.name.removesuffix(PART) not in _DATA:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def _mark(self) -> None:
        """Make the folder ours if it is empty. Raises Claimed if it holds anything and is not ours."""
        names = {entry.name for entry in self._folder.iterdir()}
        if MARKER in names:
            return
        if names and not _was_made_before_markers(names):
            raise Claimed(f"{self._folder} is not empty and no data folder of ours: pass another --data-dir")
        (self._folder / MARKER).write_text(_MARKED)  # first: a start that dies after it left a folder of ours
        (self._folder / ".gitignore").write_text("*\n")

    def _acquire(self) -> None:
        began = time.monotonic()
        announced = False
        while not self._try():
            self._lock.seek(0)
            stopping = self._lock.read() == _STOPPING
            if time.monotonic() - began > (_STOP_SECONDS if stopping else _SETTLE_SECONDS):
                raise Claimed(f"another `groundswell dev` uses {self._folder}: stop it, or pass --data-dir")
            if stopping and not announced:
                self._say("waiting for the one before to stop")
                announced = True
            time.sleep(0.1)
        self._write("")

    def _try(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _write(self, text: str) -> None:
        self._lock.truncate(0)
        self._lock.write(text)
        self._lock.flush()


def _was_made_before_markers(names: set[str]) -> bool:
    """Whether it is the data folder of a version that left no marker: its lock and emulator, and nothing foreign."""
    return {"lock", "emulator"} <= names and {name.removesuffix(PART) for name in names} <= _KEPT | _DATA
