"""What the emulator's own interpreter runs: ministack's server, ending when the process that started it ends.

Not imported by anything here: it lives in another environment, and gets its parent's process id as its only argument.
"""

import ctypes
import os
import shutil
import signal
import sys

import ministack.app  # type: ignore[import-not-found]

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """SIGTERM when the parent dies, however it dies, so that the state is saved."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    sys.argv[1:] = []
    try:
        ministack.app.main()
    finally:
        shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
        os.killpg(0, signal.SIGKILL)  # the Lambda workers it started, and itself: the state is saved
