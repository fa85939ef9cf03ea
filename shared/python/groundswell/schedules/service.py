"""One run of a due time, however often it is delivered."""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from groundswell.kernel.errors import Conflict


class Claim(StrEnum):
    OURS = "ours"
    UNDER_WAY = "under way"
    DONE = "done"


class RunUnderWay(Conflict):
    """Somebody else is at it: whether it gets done is not known before the lease ends."""

    code = "RUN_UNDER_WAY"
    message = "Somebody else is at it: try again later"


class Runs(Protocol):
    def claim(self, schedule: str, due: str, lease_seconds: int) -> Claim: ...

    def finish(self, schedule: str, due: str) -> None: ...

    def release(self, schedule: str, due: str) -> None: ...


def run_once(runs: Runs, schedule: str, due: str, lease_seconds: int, work: Callable[[], object]) -> bool:
    """Do the work of that due time unless it was done before. Whether it was done now.

    `lease_seconds` is no shorter than the work may take, e.g. the function's timeout. A process that dies is followed
    by whoever comes after its lease; work that raises may be tried again at once.
    Raises RunUnderWay while somebody else holds the lease: a message must come again, or nobody may ever finish it.
    """
    claim = runs.claim(schedule, due, lease_seconds)
    if claim is Claim.UNDER_WAY:
        raise RunUnderWay
    if claim is Claim.DONE:
        return False
    try:
        work()
    except Exception:
        runs.release(schedule, due)
        raise
    runs.finish(schedule, due)
    return True
