"""One start at a time on a data folder. A lock, which ends with the process that holds it, however that ends."""

import fcntl
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TextIO

_SETTLE_SECONDS = 1.0
_STOP_SECONDS = 40.0
_STOPPING = "stopping"
_KEPT = ("lock", ".gitignore")


class Claimed(Exception):
    """This folder cannot be had: somebody else runs on it, or it is none that we can write to."""


class Claim:
    """`with Claim(folder) as claim:`. One that is just stopping is waited for; one that runs is not."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._lock: TextIO

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / ".gitignore").write_text("*\n")
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
        """Remove everything in the folder but the claim itself."""
        for entry in self._folder.iterdir():
            if entry.name in _KEPT:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def _acquire(self) -> None:
        began = time.monotonic()
        told = False
        while not self._try():
            self._lock.seek(0)
            stopping = self._lock.read() == _STOPPING
            if time.monotonic() - began > (_STOP_SECONDS if stopping else _SETTLE_SECONDS):
                raise Claimed(f"another `groundswell dev` uses {self._folder}: stop it, or pass --data-dir")
            if stopping and not told:
                self._say("waiting for the one before to stop")
                told = True
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
