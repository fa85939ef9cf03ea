"""The parent of all function processes: it has what every function imports loaded, and forks a child on request.

No function's own code is ever imported here, so that each child is what a cold Lambda environment would be: its own
settings, its own module state. A request is one byte with a socket attached; everything else goes over that socket.
"""

import ctypes
import gc
import importlib
import os
import signal
import socket
import sys
from types import FrameType

from infra.local.worker import serve

_PR_SET_PDEATHSIG = 1
_COMMON = (
    "argon2",
    "aws_lambda_powertools",
    "aws_lambda_powertools.metrics",
    "botocore.config",
    "botocore.session",
    "fastapi",
    "jwt",
    "mangum",
    "msgspec",
    "pydantic",
    "pynamodb.models",
    "zstandard",
)


def die_with_parent(parent: int, number: signal.Signals) -> None:
    """Ask for a signal when the parent dies (Linux), and end at once if it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def main() -> None:
    """Serve the control socket whose descriptor is the first argument, for the parent whose id is the second."""
    die_with_parent(int(sys.argv[2]), signal.SIGKILL)
    control = socket.socket(fileno=int(sys.argv[1]))
    for name in _COMMON:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # keeps the collector from copying the shared pages of every child
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not request:
            return
        _fork(control, descriptors[0])


def _fork(control: socket.socket, descriptor: int) -> None:
    parent = os.getpid()
    if os.fork() != 0:
        os.close(descriptor)
        return
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    die_with_parent(parent, signal.SIGKILL)
    control.close()
    try:
        serve(socket.socket(fileno=descriptor))
    finally:
        os._exit(0)


def _reap(_number: int, _frame: FrameType | None) -> None:
    while True:
        try:
            child, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return


if __name__ == "__main__":
    main()
