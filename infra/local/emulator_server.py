"""What the emulator's own interpreter runs: ministack's server, with a memory, ending when its parent ends.

Nothing here imports it: ministack lives in another environment. Arguments: the parent's process id and the folder for
state, or "" to keep none.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1


def main() -> None:
    _end_with(int(sys.argv[1]))
    folder = sys.argv[2]
    del sys.argv[1:]  # ministack reads them, too
    try:
        _serve(Path(folder) if folder else None)
    finally:
        shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
        os.killpg(0, signal.SIGKILL)  # the Lambda workers it started, and itself: everything is saved


def _end_with(parent: int) -> None:
    """SIGTERM when the parent dies, however it dies, so that the state is saved."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def _name_actions_as_aws_does() -> None:
    """Who may send a message may send ten: SQS has no actions of batches.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
    """
    from ministack.core import iam_actions  # type: ignore[import-not-found]

    named = iam_actions.extract_iam_action

    def name(service: str, *request: Any, **more: Any) -> Any:
        action = named(service, *request, **more)
        return action.removesuffix("Batch") if service == "sqs" and action else action

    iam_actions.extract_iam_action = name


def _serve(folder: Path | None) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)  # an orphan of a killed launcher may still be saving here
        from infra.local.generations import newest

        os.environ["STATE_DIR"] = str(folder / f"state.{newest(folder)}")
    import ministack.app  # type: ignore[import-not-found]  # reads the environment at import

    from infra.local.partitions import install

    _name_actions_as_aws_does()
    install()
    if folder is not None:
        from infra.local.durability import Durable

        ministack.app.app = Durable(folder)
    ministack.app.main()
