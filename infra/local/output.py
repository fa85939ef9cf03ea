"""Lines on standard output, from a thread of their own: who starts us may stop reading, and that must stop nobody.

A line is one line: paths are anybody's text, and must write no line that programs read nor move a terminal's cursor.
"""

import contextlib
import os
import queue
import threading
import time
from typing import Self

_STDOUT = 1
_WAITING_MOST = 10_000
_CLOSE_SECONDS = 1.0
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


class Output:
    """`with Output() as say:`. Lines that find no reader are dropped once _WAITING_MOST of them wait."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(_WAITING_MOST)
        self._writer = threading.Thread(target=self._write, daemon=True)

    def __enter__(self) -> Self:
        self._writer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._put(None)
        self._writer.join(_CLOSE_SECONDS)

    def __call__(self, line: str) -> None:
        # The one line that programs read stands alone; people get the time of every other one.
        line = line.translate(_CONTROLS)
        self._put(line if line.startswith("groundswell.") else f"{time.strftime('%H:%M:%S')} {line}")

    def _put(self, line: str | None) -> None:
        with contextlib.suppress(queue.Full):
            self._lines.put_nowait(line)

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            rest = f"{line}\n".encode(errors="replace")
            while rest:
                try:
                    # Not sys.stdout: a thread that blocks in there would keep the interpreter from ending.
                    rest = rest[os.write(_STDOUT, rest) :]
                except OSError:
                    return  # nobody will ever read
